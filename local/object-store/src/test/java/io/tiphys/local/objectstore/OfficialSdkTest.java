package io.tiphys.local.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.aliyun.oss.ClientBuilderConfiguration;
import com.aliyun.oss.HttpMethod;
import com.aliyun.oss.OSS;
import com.aliyun.oss.OSSClientBuilder;
import com.aliyun.oss.OSSException;
import com.aliyun.oss.common.auth.DefaultCredentialProvider;
import com.aliyun.oss.common.comm.SignVersion;
import com.aliyun.oss.model.AbortMultipartUploadRequest;
import com.aliyun.oss.model.CompleteMultipartUploadRequest;
import com.aliyun.oss.model.CopyObjectRequest;
import com.aliyun.oss.model.DeleteObjectsRequest;
import com.aliyun.oss.model.GeneratePresignedUrlRequest;
import com.aliyun.oss.model.GetObjectRequest;
import com.aliyun.oss.model.InitiateMultipartUploadRequest;
import com.aliyun.oss.model.LifecycleRule;
import com.aliyun.oss.model.ListMultipartUploadsRequest;
import com.aliyun.oss.model.ListObjectsRequest;
import com.aliyun.oss.model.ListObjectsV2Request;
import com.aliyun.oss.model.ListPartsRequest;
import com.aliyun.oss.model.OSSObject;
import com.aliyun.oss.model.OSSObjectSummary;
import com.aliyun.oss.model.ObjectMetadata;
import com.aliyun.oss.model.PartETag;
import com.aliyun.oss.model.PutObjectRequest;
import com.aliyun.oss.model.SetBucketLifecycleRequest;
import com.aliyun.oss.model.UploadPartCopyRequest;
import com.aliyun.oss.model.UploadPartRequest;
import io.tiphys.testkit.HandClock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the official SDK does to OSS, done to this store; with both signature versions. */
class OfficialSdkTest {
    private static final String BUCKET = "workflows";
    private static final byte[] HELLO = "hello world".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path dir;

    private final HandClock clock = new HandClock(Instant.now());
    private ObjectStore store;
    private OSS oss;

    @BeforeEach
    void start() throws IOException {
        store = ObjectStore.start(
                ObjectStoreConfig.in(dir, "id", "secret").withBuckets(BUCKET).withClock(clock));
        oss = client(SignVersion.V4, "secret");
    }

    @AfterEach
    void stop() throws IOException {
        oss.shutdown();
        store.close();
    }

    private OSS client(SignVersion version, String secret) {
        ClientBuilderConfiguration config = new ClientBuilderConfiguration();
        config.setSignatureVersion(version);
        config.setMaxErrorRetry(0);
        return OSSClientBuilder.create()
                .endpoint(store.endpoint().toString())
                .region("cn-hangzhou")
                .credentialsProvider(new DefaultCredentialProvider("id", secret))
                .clientConfiguration(config)
                .build();
    }

    private void use(SignVersion version) {
        oss.shutdown();
        oss = client(version, "secret");
    }

    private void put(String key, byte[] content) {
        oss.putObject(BUCKET, key, new ByteArrayInputStream(content));
    }

    private byte[] get(String key) throws IOException {
        try (OSSObject object = oss.getObject(BUCKET, key)) {
            return object.getObjectContent().readAllBytes();
        }
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @EnumSource(
            value = SignVersion.class,
            names = {"V1", "V4"})
    void storesAndReturnsAnObjectWithItsMetadata(SignVersion version) throws IOException {
        use(version);
        ObjectMetadata metadata = new ObjectMetadata();
        metadata.setContentType("text/plain");
        metadata.addUserMetadata("owner", "Jason é");
        metadata.setContentLength(HELLO.length);
        var put = oss.putObject(
                new PutObjectRequest(BUCKET, "a/b c+ü%&?.txt", new ByteArrayInputStream(HELLO), metadata));
        assertThat(put.getETag()).isEqualTo("5EB63BBBE01EEED093CB22BB8F5ACDC3");
        assertThat(get("a/b c+ü%&?.txt")).isEqualTo(HELLO);
        ObjectMetadata head = oss.getObjectMetadata(BUCKET, "a/b c+ü%&?.txt");
        assertThat(head.getContentLength()).isEqualTo(HELLO.length);
        assertThat(head.getContentType()).isEqualTo("text/plain");
        assertThat(head.getUserMetadata()).containsEntry("owner", "Jason é");
        assertThat(head.getServerCRC()).isEqualTo(put.getServerCRC());
        assertThat(oss.doesObjectExist(BUCKET, "a/b c+ü%&?.txt")).isTrue();
        assertThat(oss.getSimplifiedObjectMeta(BUCKET, "a/b c+ü%&?.txt").getSize())
                .isEqualTo(HELLO.length);
        oss.deleteObject(BUCKET, "a/b c+ü%&?.txt");
        assertThat(oss.doesObjectExist(BUCKET, "a/b c+ü%&?.txt")).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = SignVersion.class,
            names = {"V1", "V4"})
    void refusesAWrongSecret(SignVersion version) {
        OSS wrong = client(version, "wrong");
        assertThatThrownBy(() -> wrong.listObjects(BUCKET))
                .isInstanceOfSatisfying(
                        OSSException.class, e -> assertThat(e.getErrorCode()).isEqualTo("SignatureDoesNotMatch"));
        wrong.shutdown();
    }

    @ParameterizedTest
    @EnumSource(
            value = SignVersion.class,
            names = {"V1", "V4"})
    void presignedUrlsWorkUntilTheyExpire(SignVersion version) throws Exception {
        use(version);
        GeneratePresignedUrlRequest upload =
                new GeneratePresignedUrlRequest(BUCKET, "in/presigned.txt", HttpMethod.PUT);
        upload.setExpiration(Date.from(clock.instant().plusSeconds(600)));
        URI putUrl = oss.generatePresignedUrl(upload).toURI();
        HttpClient http = HttpClient.newHttpClient();
        var put = http.send(
                HttpRequest.newBuilder(putUrl)
                        .PUT(HttpRequest.BodyPublishers.ofByteArray(HELLO))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(put.statusCode()).as(put.body()).isEqualTo(200);
        URI getUrl = oss.generatePresignedUrl(
                        BUCKET, "in/presigned.txt", Date.from(clock.instant().plusSeconds(600)))
                .toURI();
        HttpRequest get =
                HttpRequest.newBuilder(getUrl).header("Range", "bytes=6-10").build();
        var part = http.send(get, HttpResponse.BodyHandlers.ofString());
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo("world");
        clock.pass(Duration.ofSeconds(602));
        assertThat(http.send(get, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(403);
        http.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = SignVersion.class,
            names = {"V1", "V4"})
    void buildsAnObjectFromPartsAndCombinesTheirChecksums(SignVersion version) throws IOException {
        use(version);
        byte[] whole = random(1_300_001);
        String id = oss.initiateMultipartUpload(new InitiateMultipartUploadRequest(BUCKET, "big"))
                .getUploadId();
        List<PartETag> parts = new ArrayList<>();
        for (int number = 3; number >= 1; number--) {
            int from = (number - 1) * 500_000;
            int size = Math.min(500_000, whole.length - from);
            parts.add(oss.uploadPart(new UploadPartRequest(
                            BUCKET, "big", id, number, new ByteArrayInputStream(whole, from, size), size))
                    .getPartETag());
        }
        assertThat(oss.listParts(new ListPartsRequest(BUCKET, "big", id)).getParts())
                .extracting(part -> part.getPartNumber() + ":" + part.getSize())
                .containsExactly("1:500000", "2:500000", "3:300001");
        assertThat(oss.listMultipartUploads(new ListMultipartUploadsRequest(BUCKET))
                        .getMultipartUploads())
                .extracting(upload -> upload.getKey())
                .containsExactly("big");
        var done = oss.completeMultipartUpload(new CompleteMultipartUploadRequest(BUCKET, "big", id, parts));
        assertThat(done.getETag()).endsWith("-3");
        assertThat(done.getServerCRC()).isEqualTo(done.getClientCRC());
        assertThat(get("big")).isEqualTo(whole);
        GetObjectRequest across = new GetObjectRequest(BUCKET, "big");
        across.setRange(499_990, 1_000_009);
        try (OSSObject object = oss.getObject(across)) {
            assertThat(object.getObjectContent().readAllBytes())
                    .isEqualTo(java.util.Arrays.copyOfRange(whole, 499_990, 1_000_010));
        }
        assertThatThrownBy(
                        () -> oss.completeMultipartUpload(new CompleteMultipartUploadRequest(BUCKET, "big", id, parts)))
                .hasMessageContaining("NoSuchUpload");
    }

    @ParameterizedTest
    @EnumSource(
            value = SignVersion.class,
            names = {"V1", "V4"})
    void listsByPrefixDelimiterAndPage(SignVersion version) {
        use(version);
        for (String key : List.of("a", "a/", "a/1", "a/b/2", "a/b/3", "a.txt", "b", "\uFF5E", "\uD83D\uDE00", "c\td")) {
            put(key, HELLO);
        }
        assertThat(oss.listObjects(BUCKET).getObjectSummaries())
                .extracting(OSSObjectSummary::getKey)
                .containsExactly("a", "a.txt", "a/", "a/1", "a/b/2", "a/b/3", "b", "c\td", "\uFF5E", "\uD83D\uDE00");
        List<String> seen = new ArrayList<>();
        ListObjectsRequest request =
                new ListObjectsRequest(BUCKET).withDelimiter("/").withMaxKeys(1);
        String marker = null;
        do {
            request.setMarker(marker);
            var page = oss.listObjects(request);
            page.getObjectSummaries().forEach(object -> seen.add(object.getKey()));
            seen.addAll(page.getCommonPrefixes());
            marker = page.getNextMarker();
        } while (marker != null);
        assertThat(seen).containsExactly("a", "a.txt", "a/", "b", "c\td", "\uFF5E", "\uD83D\uDE00");

        ListObjectsV2Request v2 = new ListObjectsV2Request(BUCKET);
        v2.setPrefix("a/");
        v2.setDelimiter("/");
        v2.setMaxKeys(2);
        var first = oss.listObjectsV2(v2);
        assertThat(first.getObjectSummaries())
                .extracting(OSSObjectSummary::getKey)
                .containsExactly("a/", "a/1");
        v2.setContinuationToken(first.getNextContinuationToken());
        var second = oss.listObjectsV2(v2);
        assertThat(second.getCommonPrefixes()).containsExactly("a/b/");
        assertThat(second.isTruncated()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = SignVersion.class,
            names = {"V1", "V4"})
    void copiesDeletesAndKnowsConditions(SignVersion version) throws IOException {
        use(version);
        put("one", HELLO);
        String etag = oss.getObjectMetadata(BUCKET, "one").getETag();
        assertThat(oss.copyObject(new CopyObjectRequest(BUCKET, "one", BUCKET, "dir/two ü"))
                        .getETag())
                .isEqualTo(etag);
        oss.deleteObject(BUCKET, "one");
        assertThat(get("dir/two ü")).isEqualTo(HELLO);

        GetObjectRequest unlessSame = new GetObjectRequest(BUCKET, "dir/two ü");
        unlessSame.setNonmatchingETagConstraints(List.of(etag));
        assertThatThrownBy(() -> oss.getObject(unlessSame)).hasMessageContaining("Not Modified");
        GetObjectRequest ifOther = new GetObjectRequest(BUCKET, "dir/two ü");
        ifOther.setMatchingETagConstraints(List.of("0123"));
        assertThatThrownBy(() -> oss.getObject(ifOther)).hasMessageContaining("PreconditionFailed");

        String id = oss.initiateMultipartUpload(new InitiateMultipartUploadRequest(BUCKET, "three"))
                .getUploadId();
        UploadPartCopyRequest part = new UploadPartCopyRequest(BUCKET, "dir/two ü", BUCKET, "three", id, 1, 6L, 5L);
        PartETag copied = oss.uploadPartCopy(part).getPartETag();
        oss.completeMultipartUpload(
                new CompleteMultipartUploadRequest(BUCKET, "three", id, new ArrayList<>(List.of(copied))));
        assertThat(new String(get("three"), StandardCharsets.UTF_8)).isEqualTo("world");

        var deleted = oss.deleteObjects(
                new DeleteObjectsRequest(BUCKET).withKeys(List.of("three", "dir/two ü", "never there <&>")));
        assertThat(deleted.getDeletedObjects()).containsExactly("three", "dir/two ü", "never there <&>");
        assertThat(oss.listObjects(BUCKET).getObjectSummaries()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = SignVersion.class,
            names = {"V1", "V4"})
    void managesBucketsAndTheirLifecycle(SignVersion version) throws IOException {
        use(version);
        oss.createBucket("second");
        assertThat(oss.doesBucketExist("second")).isTrue();
        assertThat(oss.doesBucketExist("third")).isFalse();
        assertThat(oss.listBuckets()).extracting(bucket -> bucket.getName()).containsExactly("second", BUCKET);
        SetBucketLifecycleRequest rules = new SetBucketLifecycleRequest("second");
        rules.AddLifecycleRule(new LifecycleRule("tmp", "tmp/", LifecycleRule.RuleStatus.Enabled, 3));
        oss.setBucketLifecycle(rules);
        assertThat(oss.getBucketLifecycle("second"))
                .extracting(LifecycleRule::getPrefix)
                .containsExactly("tmp/");
        oss.putObject("second", "tmp/old", new ByteArrayInputStream(HELLO));
        oss.putObject("second", "kept", new ByteArrayInputStream(HELLO));
        assertThatThrownBy(() -> oss.deleteBucket("second")).hasMessageContaining("BucketNotEmpty");
        clock.pass(Duration.ofDays(3));
        assertThat(store.applyLifecycleRules()).isEqualTo(1);
        clock.pass(Duration.ofDays(-3));
        oss.deleteBucketLifecycle("second");
        assertThatThrownBy(() -> oss.getBucketLifecycle("second")).hasMessageContaining("NoSuchLifecycle");
        oss.deleteObject("second", "kept");
        oss.deleteBucket("second");
        assertThat(oss.doesBucketExist("second")).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = SignVersion.class,
            names = {"V1", "V4"})
    void wordsErrorsAsOssDoes(SignVersion version) throws IOException {
        use(version);
        assertThatThrownBy(() -> oss.getObject(BUCKET, "absent")).hasMessageContaining("NoSuchKey");
        assertThatThrownBy(() -> oss.getObject("absent-bucket", "x")).hasMessageContaining("NoSuchBucket");
        ObjectMetadata wrong = new ObjectMetadata();
        wrong.setContentMD5("1B2M2Y8AsgTpgAmY7PhCfg==");
        wrong.setContentLength(HELLO.length);
        assertThatThrownBy(() -> oss.putObject(BUCKET, "bad", new ByteArrayInputStream(HELLO), wrong))
                .hasMessageContaining("InvalidDigest");
        assertThat(oss.doesObjectExist(BUCKET, "bad")).isFalse();
        ObjectMetadata once = new ObjectMetadata();
        once.setHeader("x-oss-forbid-overwrite", "true");
        oss.putObject(BUCKET, "once", new ByteArrayInputStream(HELLO), once);
        assertThatThrownBy(() -> oss.putObject(BUCKET, "once", new ByteArrayInputStream(HELLO), once))
                .hasMessageContaining("FileAlreadyExists");
        assertThatThrownBy(() -> oss.abortMultipartUpload(new AbortMultipartUploadRequest(BUCKET, "k", "NONE")))
                .hasMessageContaining("NoSuchUpload");
    }

    @ParameterizedTest
    @EnumSource(
            value = SignVersion.class,
            names = {"V1", "V4"})
    void survivesARestartAndKeepsNothingThatWasNotAcknowledged(SignVersion version) throws IOException {
        use(version);
        Map<String, byte[]> contents = Map.of(
                "../../etc/passwd",
                HELLO,
                "a/../b",
                random(300_000),
                "dir",
                HELLO,
                "dir/file",
                new byte[0],
                "x".repeat(1023),
                HELLO);
        contents.forEach(this::put);
        String id = oss.initiateMultipartUpload(new InitiateMultipartUploadRequest(BUCKET, "later"))
                .getUploadId();
        byte[] part = random(200_000);
        PartETag tag = oss.uploadPart(
                        new UploadPartRequest(BUCKET, "later", id, 1, new ByteArrayInputStream(part), part.length))
                .getPartETag();
        store.close();
        oss.shutdown();
        start();
        use(version);
        for (var entry : contents.entrySet()) {
            assertThat(get(entry.getKey())).isEqualTo(entry.getValue());
        }
        oss.completeMultipartUpload(
                new CompleteMultipartUploadRequest(BUCKET, "later", id, new ArrayList<>(List.of(tag))));
        assertThat(get("later")).isEqualTo(part);
    }

    @ParameterizedTest
    @EnumSource(
            value = SignVersion.class,
            names = {"V1", "V4"})
    void breaksOnDemand(SignVersion version) throws IOException {
        use(version);
        byte[] content = random(100_000);
        put("key", content);
        store.faults().inject(1, new Fault.Refuse(503, "ServiceUnavailable"), "GET");
        assertThatThrownBy(() -> get("key")).hasMessageContaining("ServiceUnavailable");
        store.faults().inject(1, new Fault.FlipBit(50_000), "GET");
        assertThat(get("key")[50_000]).isEqualTo((byte) (content[50_000] ^ 1));
        store.faults().inject(1, new Fault.CutBody(10), "GET");
        assertThatThrownBy(() -> get("key")).isInstanceOf(IOException.class);
        store.faults().inject(1, new Fault.FlipBit(3), "PUT");
        assertThatThrownBy(() -> put("key", content)).isInstanceOf(com.aliyun.oss.InconsistentException.class);
        store.faults().inject(1, new Fault.Drop(), request -> request.key().equals("dropped"));
        assertThatThrownBy(() -> put("dropped", content)).isInstanceOf(com.aliyun.oss.ClientException.class);
        assertThat(oss.doesObjectExist(BUCKET, "dropped")).isFalse();
        store.faults().inject(1, new Fault.DropAnswer(), "PUT");
        assertThatThrownBy(() -> put("stored", content)).isInstanceOf(com.aliyun.oss.ClientException.class);
        assertThat(oss.doesObjectExist(BUCKET, "stored")).isTrue();
        assertThat(store.faults().injected()).isEqualTo(6);
    }

    @org.junit.jupiter.api.Test
    void aSparseObjectTakesNoSpaceAndComesBackWhole() throws IOException {
        long size = 300L << 20;
        try (InputStream zeros = new ZeroStream(size)) {
            ObjectMetadata metadata = new ObjectMetadata();
            metadata.setContentLength(size);
            oss.putObject(BUCKET, "sparse", zeros, metadata);
        }
        try (OSSObject object = oss.getObject(BUCKET, "sparse")) {
            assertThat(object.getObjectContent().skip(size + 1)).isEqualTo(size);
        }
    }

    @org.junit.jupiter.api.Test
    void findsTheBucketInTheHostName() throws IOException {
        use(SignVersion.V1);
        put("dir/file", HELLO);
        String target = oss.generatePresignedUrl(
                        BUCKET, "dir/file", Date.from(clock.instant().plusSeconds(60)))
                .getFile()
                .substring(("/" + BUCKET).length());
        try (Socket socket = new Socket(
                java.net.InetAddress.getLoopbackAddress(), store.endpoint().getPort())) {
            String request =
                    "GET " + target + " HTTP/1.1\r\nHost: " + BUCKET + ".oss.example.org\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 200 OK").endsWith("\r\n\r\nhello world");
        }
    }
}
