package io.tiphys.uploader;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.Stores;
import io.tiphys.local.objectstore.Fault;
import io.tiphys.transfer.Capability;
import io.tiphys.transfer.Crc64;
import io.tiphys.transfer.Downloads;
import io.tiphys.transfer.Refusal;
import io.tiphys.transfer.Uploads;
import io.tiphys.uploader.session.Uploading;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the uploader grants and refuses, asked over HTTP. */
@QuarkusTest
@QuarkusTestResource(Surroundings.class)
class ProtocolTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** As executors do: what HTTP/2 lets a header have is another limit. */
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final String uid = UUID.randomUUID().toString();

    @TestHTTPResource
    @SuppressWarnings("NullAway.Init") // Quarkus sets it
    URI uploader;

    @Inject
    Uploading uploading;

    @Inject
    AgroalDataSource database;

    @Inject
    Stores stores;

    @BeforeEach
    void awaitReady() {
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> http.send(
                                        HttpRequest.newBuilder(uploader.resolve("/q/health/ready"))
                                                .build(),
                                        BodyHandlers.discarding())
                                .statusCode()
                        == 200);
    }

    private String token(String pod, Instant expires) throws Exception {
        var location = TestPod.oss("protocol/" + uid);
        return Surroundings.key()
                .sign(new Capability(
                        uid,
                        "default",
                        "wf",
                        "wf-1",
                        pod,
                        0,
                        expires,
                        Map.of("in", location),
                        Map.of("out", location)));
    }

    private String token() throws Exception {
        return token("pod-1", Instant.now().plusSeconds(600));
    }

    private HttpResponse<String> post(String path, Object body, String token) throws Exception {
        return http.send(
                HttpRequest.newBuilder(uploader.resolve(path))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)))
                        .build(),
                BodyHandlers.ofString());
    }

    private Uploads.Session start(Uploads.Start start, String token) throws Exception {
        var answer = post("/v1/uploads", start, token);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readValue(answer.body(), Uploads.Session.class);
    }

    private static void assertRefused(HttpResponse<String> answer, int status, String reason) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(JSON.readValue(answer.body(), Refusal.class).reason()).isEqualTo(reason);
    }

    private static Uploads.Start multipart(String fingerprint) {
        return new Uploads.Start("out", "", 40_000_000L, null, null, fingerprint);
    }

    @Test
    void forgedAndExpiredTokensAreRefused() throws Exception {
        var request = new Downloads.Request(List.of("in"));
        assertRefused(post("/v1/downloads", request, token() + "x"), 401, Refusal.UNAUTHORIZED);
        assertRefused(
                post("/v1/downloads", request, token("pod-1", Instant.now().minusSeconds(1))),
                401,
                Refusal.UNAUTHORIZED);
    }

    @Test
    void onlyNamedArtifactsMayBeReadAndWritten() throws Exception {
        assertRefused(post("/v1/downloads", new Downloads.Request(List.of("out")), token()), 403, Refusal.FORBIDDEN);
        assertRefused(
                post("/v1/uploads", new Uploads.Start("in", "", 1L, "x", null, "f"), token()), 403, Refusal.FORBIDDEN);
        for (var path : List.of("../x", "a/../../x", "/x")) {
            assertRefused(
                    post("/v1/uploads", new Uploads.Start("out", path, 1L, "x", null, "f"), token()),
                    400,
                    Refusal.INVALID);
        }
    }

    @Test
    void anotherPodsUploadCannotBeTouched() throws Exception {
        var session = start(multipart("f"), token());
        var foreign = token("pod-2", Instant.now().plusSeconds(600));
        assertRefused(
                post("/v1/uploads/" + session.id() + "/complete", new Uploads.Complete(1, "1"), foreign),
                404,
                Refusal.NOT_FOUND);
    }

    @Test
    void uploadIsTakenUpAgainWithItsPartsUnlessTheSourceChanged() throws Exception {
        var session = start(multipart("f"), token());
        var part = sendPart(session, "0123456789".getBytes(UTF_8));
        var unknown = new Uploads.Part(2, 10, "md5", "an ETag that the store never gave", "7");
        post("/v1/uploads/" + session.id() + "/parts", new Uploads.Parts(List.of(part, unknown), List.of()), token());
        var again = start(multipart("f"), token());
        assertThat(again.id()).isEqualTo(session.id());
        assertThat(again.parts()).containsExactly(part);
        var changed = start(multipart("g"), token());
        assertThat(changed.id()).isNotEqualTo(session.id());
        assertThat(changed.parts()).isEmpty();
    }

    private Uploads.Part sendPart(Uploads.Session session, byte[] bytes) throws Exception {
        var md5 = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("MD5").digest(bytes));
        var wanted = new Uploads.Parts(List.of(), List.of(new Uploads.WantedPart(1, bytes.length, md5)));
        var urls = JSON.readValue(
                post("/v1/uploads/" + session.id() + "/parts", wanted, token()).body(), Uploads.PartUrls.class);
        var put = urls.parts().getFirst().put();
        var request = HttpRequest.newBuilder(URI.create(put.url())).PUT(BodyPublishers.ofByteArray(bytes));
        put.headers().forEach(request::header);
        var answer = http.send(request.build(), BodyHandlers.discarding());
        assertThat(answer.statusCode()).isEqualTo(200);
        var etag = answer.headers().firstValue("ETag").orElseThrow().replace("\"", "");
        return new Uploads.Part(1, bytes.length, md5, etag, Long.toUnsignedString(Crc64.of(bytes)));
    }

    @Test
    void otherBytesThanWereAnnouncedAreNotAccepted() throws Exception {
        var bytes = "content".getBytes(UTF_8);
        var md5 = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("MD5").digest(bytes));
        var start = new Uploads.Start("out", "", (long) bytes.length, md5, null, "f");
        var session = start(start, token());
        var put = Objects.requireNonNull(session.put());
        var request = HttpRequest.newBuilder(URI.create(put.url())).PUT(BodyPublishers.ofByteArray(bytes));
        put.headers().forEach(request::header);
        assertThat(http.send(request.build(), BodyHandlers.discarding()).statusCode())
                .isEqualTo(200);
        var complete = "/v1/uploads/" + session.id() + "/complete";
        assertRefused(post(complete, new Uploads.Complete(bytes.length, "1"), token()), 409, Refusal.CHECKSUM_MISMATCH);

        var second = start(start, token());
        complete = "/v1/uploads/" + second.id() + "/complete";
        var right = new Uploads.Complete(bytes.length, Long.toUnsignedString(Crc64.of(bytes)));
        assertThat(post(complete, right, token()).statusCode()).isEqualTo(200);
        assertThat(post(complete, right, token()).statusCode())
                .as("again, as its answer may get lost")
                .isEqualTo(200);
        assertThat(start(start, token()).completed()).isNotNull();
    }

    @Test
    void abandonedUploadIsAborted() throws Exception {
        var session = start(multipart("f"), token());
        abandon(session);
        assertThat(uploading.sweep(Duration.ofDays(1), Duration.ofDays(7)).aborted())
                .isEqualTo(1);
        assertRefused(
                post("/v1/uploads/" + session.id() + "/complete", new Uploads.Complete(1, "1"), token()),
                404,
                Refusal.NOT_FOUND);
    }

    @Test
    void missingBucketIsNamed() throws Exception {
        var location = Map.<String, Object>of(
                "oss",
                Map.of("endpoint", Surroundings.store().endpoint().toString(), "bucket", "no-such-bucket", "key", "k"));
        var token = Surroundings.key()
                .sign(new Capability(
                        uid,
                        "default",
                        "wf",
                        "n",
                        "p",
                        0,
                        Instant.now().plusSeconds(60),
                        Map.of(),
                        Map.of("out", location)));
        var answer = post("/v1/uploads", multipart("f"), token);
        assertRefused(answer, 422, Refusal.STORAGE_REFUSED);
        assertThat(answer.body()).contains("no-such-bucket");
    }

    @Test
    void keysThatNoStoreOrClientTakesAreRefused() throws Exception {
        for (var key : List.of("a/../b", "..", "./a", "a\nb", "k".repeat(10_240))) {
            var location = TestPod.oss(key);
            var token = Surroundings.key()
                    .sign(new Capability(
                            uid,
                            "default",
                            "wf",
                            "n",
                            "p",
                            0,
                            Instant.now().plusSeconds(60),
                            Map.of("in", location),
                            Map.of("out", location)));
            var written = post("/v1/uploads", multipart("f"), token);
            assertRefused(written, 400, Refusal.INVALID);
            assertThat(written.body()).contains("artifact \\\"out\\\"").hasSizeLessThan(500);
            assertRefused(post("/v1/downloads", new Downloads.Request(List.of("in")), token), 400, Refusal.INVALID);
        }
        for (var path : List.of("/etc/passwd", "a/./b", "x".repeat(10_240))) {
            assertRefused(
                    post("/v1/uploads", new Uploads.Start("out", path, 1L, "x", null, "f"), token()),
                    400,
                    Refusal.INVALID);
        }
    }

    @Test
    void capabilityIsForItsOwnPodOnly() throws Exception {
        var session = start(multipart("f"), token());
        var other = token("pod-2", Instant.now().plusSeconds(600));
        for (var path : List.of("/parts", "/complete")) {
            assertRefused(
                    post(
                            "/v1/uploads/" + session.id() + path,
                            path.equals("/parts")
                                    ? new Uploads.Parts(List.of(), List.of())
                                    : new Uploads.Complete(1, "1"),
                            other),
                    404,
                    Refusal.NOT_FOUND);
        }
    }

    @Test
    void uploadThatTheStoreHasForgottenBeginsAnew() throws Exception {
        var session = start(multipart("f"), token());
        assertThat(start(multipart("f"), token()).id()).isEqualTo(session.id());
        abortAtTheStore();
        var fresh = start(multipart("f"), token());
        assertThat(fresh.id()).isNotEqualTo(session.id());
        assertThat(fresh.parts()).isEmpty();
    }

    private void abortAtTheStore() throws Exception {
        var store = stores.locate("default", TestPod.oss("any")).store();
        store.listMultipart("protocol/" + uid, upload -> {
            try {
                store.abortMultipart(upload.key(), upload.uploadId());
            } catch (StoreException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void abandonedUploadIsTriedAgainWhenItCannotBeAborted() throws Exception {
        var session = start(multipart("f"), token());
        abandon(session);
        var faults = Surroundings.store().faults();
        faults.inject(10, new Fault.Refuse(403, "AccessDenied"), "DELETE");
        try {
            assertThat(uploading.sweep(Duration.ofDays(1), Duration.ofDays(7)).failed())
                    .isEqualTo(1);
        } finally {
            faults.clear();
        }
        abandon(session);
        assertThat(uploading.sweep(Duration.ofDays(1), Duration.ofDays(7)).aborted())
                .isEqualTo(1);
    }

    private void abandon(Uploads.Session session) throws Exception {
        try (var connection = database.getConnection();
                var update = connection.prepareStatement(
                        "update upload_session set touched_at = now() - interval '2 days' where id = ?")) {
            update.setObject(1, UUID.fromString(session.id()));
            update.executeUpdate();
        }
    }
}
