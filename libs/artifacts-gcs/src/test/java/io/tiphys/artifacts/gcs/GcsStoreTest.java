package io.tiphys.artifacts.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tiphys.artifacts.ArtifactStore;
import io.tiphys.artifacts.StoreDriver.Located;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoreException.Kind;
import io.tiphys.artifacts.Stores;
import io.tiphys.artifacts.contract.ArtifactStoreContract;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.InstantSource;
import java.util.Base64;
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

class GcsStoreTest extends ArtifactStoreContract {
    @SuppressWarnings("NullAway.Init") // set before all
    private static GoogleEndpoint server;

    @SuppressWarnings("NullAway.Init") // set before all
    private static GcsDriver driver;

    private static final Map<String, String> SECRETS = new HashMap<>();

    private String bucket = "none";

    @BeforeAll
    static void start(@TempDir Path dir) throws Exception {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        var pair = generator.generateKeyPair();
        server = new GoogleEndpoint(dir, pair.getPublic());
        driver = new GcsDriver(server.uri(), InstantSource.system());
        SECRETS.put("key", key(pair));
        SECRETS.put("rubbish", "{\"type\": \"authorized_user\", \"client_secret\": \"s3cr3t\"}");
    }

    private static String key(KeyPair pair) throws IOException {
        return new ObjectMapper()
                .writeValueAsString(Map.of(
                        "type", "service_account",
                        "project_id", "example",
                        "private_key_id", "1",
                        "private_key",
                                "-----BEGIN PRIVATE KEY-----\n"
                                        + Base64.getMimeEncoder()
                                                .encodeToString(
                                                        pair.getPrivate().getEncoded())
                                        + "\n-----END PRIVATE KEY-----\n",
                        "client_email", GoogleEndpoint.ACCOUNT,
                        "client_id", "1",
                        "token_uri", server.uri() + "/token"));
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
        return locate("key").store();
    }

    private Located locate(String secret) throws StoreException {
        return new Stores(List.of(driver), (_, _, key) -> Optional.ofNullable(SECRETS.get(key)))
                .locate(
                        "default",
                        Map.of(
                                "gcs",
                                Map.of(
                                        "bucket",
                                        bucket,
                                        "key",
                                        "/some/key",
                                        "serviceAccountKeySecret",
                                        Map.of("name", "gcs", "key", secret))));
    }

    @Test
    void oneTokenServesManyCalls() throws Exception {
        int before = server.tokens.get();
        store().head("a");
        store().head("b");
        assertThat(server.tokens.get()).isEqualTo(Math.max(1, before));
    }

    @Test
    void whatIsNoKeyOfAServiceAccountIsNamedAndNotShown() {
        assertThatThrownBy(() -> locate("rubbish"))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED))
                .hasMessageContaining("gcs.serviceAccountKeySecret holds no service account's key")
                .hasMessageNotContaining("s3cr3t");
        bucket = "../other";
        assertThatThrownBy(() -> locate("key")).hasMessageContaining("gcs.bucket must be a bucket's name");
    }
}
