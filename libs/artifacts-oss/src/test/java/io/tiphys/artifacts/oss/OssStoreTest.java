package io.tiphys.artifacts.oss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tiphys.artifacts.ArtifactStore;
import io.tiphys.artifacts.Credentials;
import io.tiphys.artifacts.Secrets;
import io.tiphys.artifacts.StoreDriver;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.Stores;
import io.tiphys.artifacts.contract.ArtifactStoreContract;
import io.tiphys.local.objectstore.Fault;
import io.tiphys.local.objectstore.ObjectStore;
import io.tiphys.local.objectstore.ObjectStoreConfig;
import java.io.IOException;
import java.nio.file.Path;
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

class OssStoreTest extends ArtifactStoreContract {
    private static final Secrets SECRETS = (namespace, secret, key) ->
            Optional.ofNullable(Map.of("default/oss/id", "key\n", "default/oss/secret", "secret")
                    .get(namespace + "/" + secret + "/" + key));

    @SuppressWarnings("NullAway.Init") // set before all
    private static ObjectStore server;

    private String bucket = "none";

    @BeforeAll
    static void start(@TempDir Path dir) throws IOException {
        server = ObjectStore.start(ObjectStoreConfig.in(dir, "key", "secret"));
    }

    @AfterAll
    static void stop() throws IOException {
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
        var oss = new HashMap<String, Object>(Map.of(
                "endpoint",
                server.endpoint().toString(),
                "bucket",
                bucket,
                "key",
                "/some/key",
                "accessKeySecret",
                Map.of("name", "oss", "key", "id"),
                "secretKeySecret",
                Map.of("name", "oss", "key", "secret")));
        oss.putAll(more);
        return new Stores(List.of(new OssDriver(null)), SECRETS).locate("default", Map.of("oss", oss));
    }

    @Test
    void keyHasNoLeadingSlash() throws Exception {
        assertThat(locate(Map.of()).key()).isEqualTo("some/key");
    }

    @Test
    void saysWhichSecretIsMissing() {
        assertThatThrownBy(() -> locate(Map.of("accessKeySecret", Map.of("name", "other", "key", "id"))))
                .isInstanceOf(StoreException.class)
                .hasMessage("there is no key \"id\" in the Secret default/other, which the artifact's location names");
    }

    @Test
    void saysWhatALocationLacks() {
        assertThatThrownBy(() -> locate(Map.of("bucket", ""))).hasMessage("the artifact's location lacks oss.bucket");
        assertThatThrownBy(() -> locate(Map.of("useSDKCreds", true))).hasMessageContaining("TIPHYS_OSS_ACCESS_KEY_ID");
    }

    @Test
    void otherKindsOfStorageAreNamedAsUnsupported() {
        assertThatThrownBy(() -> new Stores(List.of(new OssDriver(new Credentials("a", "b", null))), SECRETS)
                        .locate("default", Map.of("s3", Map.of("bucket", "b"))))
                .hasMessageContaining("not supported");
    }

    @Test
    void overloadIsWorthAnotherTryAndAWrongSecretIsNot() throws Exception {
        server.faults()
                .inject(
                        20,
                        new Fault.Refuse(503, "ServiceUnavailable"),
                        r -> r.key().equals("busy"));
        assertThatThrownBy(() -> store().head("busy"))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.UNAVAILABLE));
        server.faults().clear();
        var stranger = new Stores(List.of(new OssDriver(new Credentials("key", "wrong", null))), SECRETS);
        var located = stranger.locate(
                "default",
                Map.of("oss", Map.of("endpoint", server.endpoint().toString(), "bucket", bucket, "key", "k")));
        assertThatThrownBy(() -> located.store().read("k").close())
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.REFUSED))
                .hasMessageNotContaining("wrong");
    }
}
