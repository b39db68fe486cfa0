package io.tiphys.artifacts.s3;

import io.tiphys.artifacts.AbortingStream;
import io.tiphys.artifacts.ArtifactStore;
import io.tiphys.artifacts.LifecycleRule;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoreException.Kind;
import io.tiphys.artifacts.StoredObject;
import io.tiphys.artifacts.s3.S3Driver.Connection;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.awscore.presigner.PresignedRequest;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

/**
 * One S3 bucket. S3 counts no CRC64 of OSS' kind: ours is kept as metadata ({@value #CRC64}) of objects that are stored in one request.
 */
final class S3Store implements ArtifactStore {
    static final String CRC64 = "tiphys-crc64";
    private static final int KEYS_PER_REQUEST = 1000;
    private static final String AES256 = "AES256";
    private static final Set<String> PASSING = Set.of(
            "InternalError", "SlowDown", "ServiceUnavailable", "RequestTimeout", "OperationAborted", "503 SlowDown");

    /**
     * What a location wants.
     *
     * @param publiclyTrusted whether a pod, which knows the system's certificate authorities only, can speak to the store
     */
    record Wishes(
            boolean createBucket,
            boolean objectLocking,
            String region,
            Encryption encryption,
            boolean publiclyTrusted) {}

    private final Connection connection;
    private final String bucket;
    private final Wishes wishes;

    S3Store(Connection connection, String bucket, Wishes wishes) {
        this.connection = connection;
        this.bucket = bucket;
        this.wishes = wishes;
    }

    /** A customer's key never goes into a pod, and a pod has no CA of a location: such stores sign nothing for pods. */
    @Override
    public Set<Ability> abilities() {
        var abilities = EnumSet.allOf(Ability.class);
        if (wishes.encryption() instanceof Encryption.OfCustomer || !wishes.publiclyTrusted()) {
            abilities.remove(Ability.PRESIGN);
        }
        return abilities;
    }

    @Override
    public String name() {
        return "s3://" + bucket;
    }

    private <T> T send(String what, String key, Supplier<T> request) throws StoreException {
        var where = what + " s3://" + bucket + (key.isEmpty() ? "" : "/" + key);
        try {
            return request.get();
        } catch (AwsServiceException e) {
            var details = e.awsErrorDetails();
            var code = details == null || details.errorCode() == null ? "HTTP " + e.statusCode() : details.errorCode();
            var message = details == null || details.errorMessage() == null ? "" : ", " + details.errorMessage();
            throw new StoreException(
                    PASSING.contains(code) ? Kind.UNAVAILABLE : StoreException.kindOf(e.statusCode()),
                    "cannot " + where + ": " + code + message,
                    e);
        } catch (SdkException e) {
            throw new StoreException(Kind.UNAVAILABLE, "cannot " + where + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void ensureBucket() throws StoreException {
        try {
            send("look for", "", () -> connection.s3().headBucket(r -> r.bucket(bucket)));
        } catch (StoreException e) {
            if (e.kind() != Kind.NOT_FOUND) {
                throw e;
            }
            createBucket();
        }
    }

    private void createBucket() throws StoreException {
        try {
            send(
                    "create",
                    "",
                    () -> connection.s3().createBucket(r -> {
                        r.bucket(bucket).objectLockEnabledForBucket(wishes.objectLocking() ? true : null);
                        if (!wishes.region().equals("us-east-1")) {
                            r.createBucketConfiguration(c -> c.locationConstraint(wishes.region()));
                        }
                    }));
        } catch (StoreException e) {
            if (!String.valueOf(e.getMessage()).contains("BucketAlreadyOwnedByYou")) {
                throw e;
            }
        }
    }

    @Override
    public void prepare(String key) throws StoreException {
        if (wishes.createBucket()) {
            ensureBucket();
        }
    }

    @Override
    public Optional<StoredObject> head(String key) throws StoreException {
        var request = HeadObjectRequest.builder().bucket(bucket).key(key);
        if (wishes.encryption() instanceof Encryption.OfCustomer(var customerKey, var md5)) {
            request.sseCustomerAlgorithm(AES256).sseCustomerKey(customerKey).sseCustomerKeyMD5(md5);
        }
        try {
            var found = send("describe", key, () -> connection.s3().headObject(request.build()));
            return Optional.of(new StoredObject(
                    key,
                    found.contentLength(),
                    plain(found.eTag()),
                    found.metadata().get(CRC64),
                    found.lastModified(),
                    found.contentType()));
        } catch (StoreException e) {
            if (e.kind() == Kind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public InputStream read(String key) throws StoreException {
        return read(get(key));
    }

    @Override
    public InputStream read(String key, long from, long to) throws StoreException {
        return read(get(key).range("bytes=" + from + "-" + to));
    }

    private GetObjectRequest.Builder get(String key) {
        var request = GetObjectRequest.builder().bucket(bucket).key(key);
        if (wishes.encryption() instanceof Encryption.OfCustomer(var customerKey, var md5)) {
            request.sseCustomerAlgorithm(AES256).sseCustomerKey(customerKey).sseCustomerKeyMD5(md5);
        }
        return request;
    }

    private InputStream read(GetObjectRequest.Builder builder) throws StoreException {
        var request = builder.build();
        var object = send("read", request.key(), () -> connection.s3().getObject(request));
        return new AbortingStream(object, object::abort);
    }

    private PutObjectRequest put(String key, PutOptions options) {
        var request = PutObjectRequest.builder()
                .bucket(bucket)
                .key(key)
                .contentType(options.contentType())
                .contentMD5(options.md5());
        if (options.crc64() != null) {
            request.metadata(Map.of(CRC64, options.crc64()));
        }
        switch (wishes.encryption()) {
            case Encryption.Default() -> {}
            case Encryption.OfS3() -> request.serverSideEncryption(ServerSideEncryption.AES256);
            case Encryption.OfKms(var keyId, var context) ->
                request.serverSideEncryption(ServerSideEncryption.AWS_KMS)
                        .ssekmsKeyId(keyId)
                        .ssekmsEncryptionContext(context);
            case Encryption.OfCustomer(var customerKey, var md5) ->
                request.sseCustomerAlgorithm(AES256).sseCustomerKey(customerKey).sseCustomerKeyMD5(md5);
        }
        return request.build();
    }

    @Override
    public StoredObject put(String key, PutOptions options, InputStream content, long sizeBytes) throws StoreException {
        var body = RequestBody.fromInputStream(content, sizeBytes);
        var stored = send("write", key, () -> connection.s3().putObject(put(key, options), body));
        return new StoredObject(key, sizeBytes, plain(stored.eTag()), options.crc64(), null, options.contentType());
    }

    @Override
    public Page page(PageRequest wanted) throws StoreException {
        var page = send(
                "list",
                wanted.prefix(),
                () -> connection
                        .s3()
                        .listObjectsV2(r -> r.bucket(bucket)
                                .prefix(wanted.prefix())
                                .delimiter(wanted.delimiter())
                                .continuationToken(wanted.after())
                                .maxKeys(wanted.limit())));
        var objects = page.contents().stream()
                .map(o -> new StoredObject(o.key(), o.size(), plain(o.eTag()), null, o.lastModified(), null))
                .toList();
        var directories = page.commonPrefixes().stream().map(p -> p.prefix()).toList();
        boolean more = Boolean.TRUE.equals(page.isTruncated());
        return new Page(objects, directories, more ? page.nextContinuationToken() : null);
    }

    @Override
    public Map<String, StoreException> delete(Collection<String> keys) throws StoreException {
        var failed = new LinkedHashMap<String, StoreException>();
        var all = List.copyOf(keys);
        for (int from = 0; from < all.size(); from += KEYS_PER_REQUEST) {
            var batch = all.subList(from, Math.min(all.size(), from + KEYS_PER_REQUEST));
            var ids = batch.stream()
                    .map(key -> ObjectIdentifier.builder().key(key).build())
                    .toList();
            try {
                var outcome = send(
                        "delete from",
                        "",
                        () -> connection
                                .s3()
                                .deleteObjects(r -> r.bucket(bucket)
                                        .delete(d -> d.objects(ids).quiet(true))));
                outcome.errors()
                        .forEach(error -> failed.put(
                                error.key(),
                                new StoreException(
                                        PASSING.contains(error.code()) ? Kind.UNAVAILABLE : Kind.REFUSED,
                                        "cannot delete s3://" + bucket + "/" + error.key() + ": " + error.code() + ", "
                                                + error.message())));
            } catch (StoreException e) {
                batch.forEach(key -> failed.put(key, e));
            }
        }
        return failed;
    }

    @Override
    public SignedRequest signGet(String key, Duration validFor, GetOptions options) throws StoreException {
        var request = get(key).responseContentType(options.contentType())
                .responseContentDisposition(options.contentDisposition())
                .build();
        return signed(send(
                "sign for",
                key,
                () -> connection
                        .presigner()
                        .presignGetObject(r -> r.signatureDuration(validFor).getObjectRequest(request))));
    }

    @Override
    public SignedRequest signPut(String key, PutOptions options, Duration validFor) throws StoreException {
        Objects.requireNonNull(options.md5(), "md5");
        var request = put(key, options);
        return signed(send(
                "sign for",
                key,
                () -> connection
                        .presigner()
                        .presignPutObject(r -> r.signatureDuration(validFor).putObjectRequest(request))));
    }

    @Override
    public SignedRequest signPart(String key, String uploadId, int number, String md5, Duration validFor)
            throws StoreException {
        var request = part(key, uploadId, number, md5);
        return signed(send(
                "sign for",
                key,
                () -> connection
                        .presigner()
                        .presignUploadPart(r -> r.signatureDuration(validFor).uploadPartRequest(request))));
    }

    /** The host is the client's to send, everything else that was signed is ours to tell. */
    private static SignedRequest signed(PresignedRequest presigned) {
        var headers = new LinkedHashMap<String, String>();
        presigned.signedHeaders().forEach((name, values) -> {
            if (!name.equalsIgnoreCase("host") && !name.equalsIgnoreCase("content-length")) {
                headers.put(name, String.join(",", values));
            }
        });
        return new SignedRequest(presigned.url().toString(), headers);
    }

    @Override
    public String beginMultipart(String key, @Nullable String contentType) throws StoreException {
        var request =
                CreateMultipartUploadRequest.builder().bucket(bucket).key(key).contentType(contentType);
        switch (wishes.encryption()) {
            case Encryption.Default() -> {}
            case Encryption.OfS3() -> request.serverSideEncryption(ServerSideEncryption.AES256);
            case Encryption.OfKms(var keyId, var context) ->
                request.serverSideEncryption(ServerSideEncryption.AWS_KMS)
                        .ssekmsKeyId(keyId)
                        .ssekmsEncryptionContext(context);
            case Encryption.OfCustomer(var customerKey, var md5) ->
                request.sseCustomerAlgorithm(AES256).sseCustomerKey(customerKey).sseCustomerKeyMD5(md5);
        }
        return send("begin an upload to", key, () -> connection.s3().createMultipartUpload(request.build()))
                .uploadId();
    }

    private UploadPartRequest part(String key, String uploadId, int number, String md5) {
        var request = UploadPartRequest.builder()
                .bucket(bucket)
                .key(key)
                .uploadId(uploadId)
                .partNumber(number)
                .contentMD5(md5);
        if (wishes.encryption() instanceof Encryption.OfCustomer(var customerKey, var keyMd5)) {
            request.sseCustomerAlgorithm(AES256).sseCustomerKey(customerKey).sseCustomerKeyMD5(keyMd5);
        }
        return request.build();
    }

    @Override
    public StoredPart putPart(String key, String uploadId, int number, InputStream content, long sizeBytes, String md5)
            throws StoreException {
        var body = RequestBody.fromInputStream(content, sizeBytes);
        var stored = send(
                "write part " + number + " of",
                key,
                () -> connection.s3().uploadPart(part(key, uploadId, number, md5), body));
        return new StoredPart(number, plain(stored.eTag()));
    }

    @Override
    public StoredObject completeMultipart(String key, String uploadId, List<StoredPart> parts, @Nullable String crc64)
            throws StoreException {
        var completed = parts.stream()
                .map(p -> CompletedPart.builder()
                        .partNumber(p.number())
                        .eTag("\"" + p.etag() + "\"")
                        .build())
                .toList();
        send(
                "complete the upload to",
                key,
                () -> connection.s3().completeMultipartUpload(r -> {
                    r.bucket(bucket).key(key).uploadId(uploadId).multipartUpload(u -> u.parts(completed));
                    if (wishes.encryption() instanceof Encryption.OfCustomer(var customerKey, var md5)) {
                        r.sseCustomerAlgorithm(AES256)
                                .sseCustomerKey(customerKey)
                                .sseCustomerKeyMD5(md5);
                    }
                }));
        return head(key)
                .orElseThrow(() -> new StoreException(
                        Kind.UNAVAILABLE, "s3://" + bucket + "/" + key + " is not there right after its upload"));
    }

    @Override
    public void abortMultipart(String key, String uploadId) throws StoreException {
        try {
            send(
                    "abort the upload to",
                    key,
                    () -> connection
                            .s3()
                            .abortMultipartUpload(r -> r.bucket(bucket).key(key).uploadId(uploadId)));
        } catch (StoreException e) {
            if (e.kind() != Kind.NOT_FOUND) {
                throw e;
            }
        }
    }

    @Override
    public List<HeldPart> parts(String key, String uploadId) throws StoreException {
        return send("list the parts of the upload to", key, () -> {
            var parts = new ArrayList<HeldPart>();
            connection
                    .s3()
                    .listPartsPaginator(r -> r.bucket(bucket).key(key).uploadId(uploadId))
                    .parts()
                    .forEach(p -> parts.add(new HeldPart(p.partNumber(), p.size(), plain(p.eTag()))));
            return parts;
        });
    }

    @Override
    public void listMultipart(String prefix, Consumer<OpenUpload> visitor) throws StoreException {
        send("list the uploads of", prefix, () -> {
            connection
                    .s3()
                    .listMultipartUploadsPaginator(r -> r.bucket(bucket).prefix(prefix))
                    .uploads()
                    .forEach(u -> visitor.accept(new OpenUpload(u.key(), u.uploadId(), u.initiated())));
            return prefix;
        });
    }

    @Override
    public List<LifecycleRule> lifecycleRules() throws StoreException {
        return rules().stream().flatMap(rule -> S3Lifecycle.read(rule).stream()).toList();
    }

    private List<software.amazon.awssdk.services.s3.model.LifecycleRule> rules() throws StoreException {
        try {
            return send(
                            "read the lifecycle rules of",
                            "",
                            () -> connection.s3().getBucketLifecycleConfiguration(r -> r.bucket(bucket)))
                    .rules();
        } catch (StoreException e) {
            if (String.valueOf(e.getMessage()).contains("NoSuchLifecycleConfiguration")) {
                return List.of();
            }
            throw e;
        }
    }

    @Override
    public void changeLifecycleRules(Collection<LifecycleRule> put, Collection<String> removedIds)
            throws StoreException {
        var before = rules();
        if (S3Lifecycle.same(before, put, removedIds)) {
            return;
        }
        var after = S3Lifecycle.merge(before, put, removedIds);
        if (after.isEmpty()) {
            send(
                    "remove the lifecycle rules of",
                    "",
                    () -> connection.s3().deleteBucketLifecycle(r -> r.bucket(bucket)));
        } else {
            send(
                    "write the lifecycle rules of",
                    "",
                    () -> connection
                            .s3()
                            .putBucketLifecycleConfiguration(
                                    r -> r.bucket(bucket).lifecycleConfiguration(c -> c.rules(after))));
        }
    }

    private static String plain(@Nullable String etag) {
        return etag == null ? "" : etag.replace("\"", "");
    }
}
