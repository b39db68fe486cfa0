package io.tiphys.artifacts.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tiphys.artifacts.ArtifactStore;
import io.tiphys.artifacts.ArtifactStore.Ability;
import io.tiphys.artifacts.ArtifactStore.PutOptions;
import io.tiphys.artifacts.Secrets;
import io.tiphys.artifacts.StoreDriver;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.Stores;
import io.tiphys.artifacts.contract.ArtifactStoreContract;
import io.tiphys.local.objectstore.Fault;
import io.tiphys.local.objectstore.ObjectStore;
import io.tiphys.local.objectstore.ObjectStoreConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The official SDK against the local endpoint's S3 dialect. */
class S3StoreTest extends ArtifactStoreContract {
    private static final Map<String, String> VALUES = Map.of(
            "default/s3/id", "key\n",
            "default/s3/secret", "secret",
            "default/s3/wrong", "wr0ng",
            "default/s3/customer", "0123456789abcdef0123456789abcdef");
    private static final Secrets SECRETS =
            (namespace, secret, key) -> Optional.ofNullable(VALUES.get(namespace + "/" + secret + "/" + key));

    @SuppressWarnings("NullAway.Init") // set before all
    private static ObjectStore server;

    @SuppressWarnings("NullAway.Init") // set before all
    private static S3Driver driver;

    private String bucket = "none";

    @BeforeAll
    static void start(@TempDir Path dir) throws IOException {
        server = ObjectStore.start(ObjectStoreConfig.in(dir, "key", "secret"));
        driver = new S3Driver(InstantSource.system());
    }

    @AfterAll
    static void stop() throws IOException {
        driver.close();
        server.close();
    }

    @BeforeEach
    void newBucket() throws Exception {
        bucket = "b-" + UUID.randomUUID();
        store().ensureBucket();
        store().ensureBucket();
    }

    @Override
    protected ArtifactStore store() throws StoreException {
        return locate(Map.of()).store();
    }

    private StoreDriver.Located locate(Map<String, Object> more) throws StoreException {
        var s3 = new HashMap<String, Object>(Map.of(
                "endpoint",
                server.endpoint().getAuthority(),
                "insecure",
                true,
                "bucket",
                bucket,
                "key",
                "/some/key",
                "accessKeySecret",
                Map.of("name", "s3", "key", "id"),
                "secretKeySecret",
                Map.of("name", "s3", "key", "secret")));
        s3.putAll(more);
        return new Stores(List.of(driver), SECRETS).locate("default", Map.of("s3", s3));
    }

    @Test
    void makesTheBucketOnlyWhenTheLocationWantsIt() throws Exception {
        bucket = "b-" + UUID.randomUUID();
        locate(Map.of()).store().prepare("key");
        assertThatThrownBy(() -> store().page(ArtifactStore.PageRequest.of(""))).hasMessageContaining("NoSuchBucket");
        locate(Map.of("createBucketIfNotPresent", Map.of("objectLocking", true)))
                .store()
                .prepare("key");
        assertThat(store().page(ArtifactStore.PageRequest.of("")).objects()).isEmpty();
    }

    @Test
    void keepsOurChecksumWithAnObjectStoredAtOnce() throws Exception {
        var bytes = "sum".getBytes(UTF_8);
        store().put("sum", new PutOptions(null, null, "123"), new ByteArrayInputStream(bytes), bytes.length);
        assertThat(store().head("sum").orElseThrow().crc64()).isEqualTo("123");
    }

    @Test
    void objectsWithACustomersKeyAreReadWithItOnlyAndNeverSignedForPods() throws Exception {
        var options = Map.<String, Object>of(
                "encryptionOptions",
                Map.of(
                        "enableEncryption",
                        true,
                        "serverSideCustomerKeySecret",
                        Map.of("name", "s3", "key", "customer")));
        var encrypted = locate(options).store();
        var bytes = "hidden".getBytes(UTF_8);
        encrypted.put("hidden", new ByteArrayInputStream(bytes), bytes.length, "text/plain");
        try (var in = encrypted.read("hidden")) {
            assertThat(in.readAllBytes()).isEqualTo(bytes);
        }
        assertThat(encrypted.abilities()).doesNotContain(Ability.PRESIGN);
        assertThatThrownBy(() -> store().read("hidden").close()).hasMessageContaining("Server Side Encryption");
    }

    @Test
    void encryptionWithKmsTravelsInTheSignedRequest() throws Exception {
        var kms = locate(Map.of(
                        "encryptionOptions",
                        Map.of("enableEncryption", true, "kmsKeyId", "k-1", "kmsEncryptionContext", "{\"a\":\"b\"}")))
                .store();
        var signed = kms.signPut("kms", "1B2M2Y8AsgTpgAmY7PhCfg==", null, Duration.ofMinutes(1));
        assertThat(signed.headers())
                .containsEntry("x-amz-server-side-encryption", "aws:kms")
                .containsEntry("x-amz-server-side-encryption-aws-kms-key-id", "k-1")
                .containsEntry("x-amz-server-side-encryption-context", "eyJhIjoiYiJ9");
    }

    @Test
    void overloadIsWorthAnotherTryAndAWrongSecretIsNot() throws Exception {
        server.faults()
                .inject(
                        20,
                        new Fault.Refuse(503, "ServiceUnavailable"),
                        r -> r.key().equals("busy"));
        assertThatThrownBy(() -> store().read("busy").close())
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.UNAVAILABLE));
        server.faults().clear();
        var stranger = locate(Map.of("secretKeySecret", Map.of("name", "s3", "key", "wrong")));
        assertThatThrownBy(() -> stranger.store().read("k").close())
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.REFUSED))
                .hasMessageContaining("SignatureDoesNotMatch")
                .hasMessageNotContaining("wr0ng");
    }

    @Test
    void aBitThatFlipsOnTheWayIsNoticed() throws Exception {
        var bytes = new byte[200_000];
        server.faults().inject(5, new Fault.FlipBit(70_000), r -> r.key().equals("flipped"));
        assertThatThrownBy(() -> store().put("flipped", new ByteArrayInputStream(bytes), bytes.length, null))
                .isInstanceOf(StoreException.class);
        server.faults().clear();
        assertThat(store().head("flipped")).isEmpty();
    }

    @Test
    void saysWhatALocationLacks() {
        assertThatThrownBy(() -> locate(Map.of("bucket", ""))).hasMessage("the artifact's location lacks s3.bucket");
        assertThatThrownBy(() -> locate(Map.of("endpoint", "a b")))
                .hasMessageContaining("s3.endpoint must be a host and perhaps a port");
        assertThatThrownBy(() -> locate(Map.of("accessKeySecret", Map.of("name", "other", "key", "id"))))
                .hasMessageContaining("Secret default/other");
    }
}
