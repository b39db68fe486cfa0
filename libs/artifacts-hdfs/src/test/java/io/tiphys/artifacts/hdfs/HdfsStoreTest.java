package io.tiphys.artifacts.hdfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tiphys.artifacts.ArtifactStore;
import io.tiphys.artifacts.StoreDriver.Located;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.Stores;
import io.tiphys.artifacts.contract.ArtifactStoreContract;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HdfsStoreTest extends ArtifactStoreContract {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path dir;

    @SuppressWarnings("NullAway.Init") // set before each
    private NameNode active;

    @SuppressWarnings("NullAway.Init") // set before each
    private NameNode other;

    private final HdfsDriver driver = new HdfsDriver();

    @BeforeEach
    void start() throws IOException {
        active = new NameNode(dir.resolve("data"));
        other = new NameNode(dir.resolve("data"));
        other.standby = true;
    }

    @AfterEach
    void stop() {
        driver.close();
        active.close();
        other.close();
    }

    @Override
    protected ArtifactStore store() throws StoreException {
        return locate(Map.of("force", true)).store();
    }

    private Located locate(Map<String, Object> more) throws StoreException {
        var hdfs = new HashMap<String, Object>(Map.of(
                "addresses", List.of(other.address(), active.address()), "hdfsUser", "jason", "path", "/some/path"));
        hdfs.putAll(more);
        return new Stores(List.of(driver), (_, _, _) -> Optional.empty()).locate("default", Map.of("hdfs", hdfs));
    }

    private static void write(ArtifactStore store, String text) throws IOException {
        var bytes = text.getBytes(UTF_8);
        store.put("kept", new ByteArrayInputStream(bytes), bytes.length, null);
    }

    @Test
    void asksAsItsUserWhoeverIsActive() throws Exception {
        write(store(), "first");
        active.standby = true;
        other.standby = false;
        try (var in = store().read("kept")) {
            assertThat(in.readAllBytes()).isEqualTo("first".getBytes(UTF_8));
        }
        assertThat(other.user).isEqualTo("jason");
        other.standby = true;
        assertThatThrownBy(() -> store().head("kept"))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.UNAVAILABLE))
                .hasMessageContaining("StandbyException");
    }

    @Test
    void whatIsThereIsOverwrittenByForceOnly() throws Exception {
        var careful = locate(Map.of()).store();
        write(careful, "first");
        assertThatThrownBy(() -> write(careful, "second")).hasMessageContaining("hdfs.force: true");
        write(store(), "third");
        try (var in = careful.read("kept")) {
            assertThat(in.readAllBytes()).isEqualTo("third".getBytes(UTF_8));
        }
    }

    @Test
    void namesTheFieldThatIsNotSupported() {
        assertThatThrownBy(() -> locate(Map.of("krbKeytabSecret", Map.of("name", "krb", "key", "keytab"))))
                .hasMessageContaining("hdfs.krbKeytabSecret is not supported");
        assertThatThrownBy(() -> locate(Map.of("dataTransferProtection", "privacy")))
                .hasMessageContaining("hdfs.dataTransferProtection is not supported");
        assertThatThrownBy(() -> locate(Map.of("addresses", List.of("not an address"))))
                .hasMessageContaining("is neither host:port nor a URL");
    }

    @Test
    void addressesOfTheNameNodesOwnProtocolBecomeThoseOfWebHdfs() throws Exception {
        assertThat(HdfsDriver.web("namenode:8020")).hasToString("http://namenode:9870");
        assertThat(HdfsDriver.web("namenode")).hasToString("http://namenode:9870");
        assertThat(HdfsDriver.web("namenode:50070")).hasToString("http://namenode:50070");
        assertThat(HdfsDriver.web("https://gateway:8443/gate/")).hasToString("https://gateway:8443/gate");
    }
}
