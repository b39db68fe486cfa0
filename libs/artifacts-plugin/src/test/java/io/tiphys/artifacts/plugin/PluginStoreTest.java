package io.tiphys.artifacts.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tiphys.api.ArtifactDriver;
import io.tiphys.artifacts.ArtifactStore;
import io.tiphys.artifacts.StoreDriver.Located;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.Stores;
import io.tiphys.artifacts.contract.ArtifactStoreContract;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a driver in a process of its own, which shares nothing with this one but a folder. */
class PluginStoreTest extends ArtifactStoreContract {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    static Path shared;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path objects;

    @SuppressWarnings("NullAway.Init") // set before all
    private static Process process;

    @SuppressWarnings("NullAway.Init") // set before all
    private static PluginDriver driver;

    @BeforeAll
    static void start() throws IOException {
        Path socket = shared.resolve("socket");
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FolderDriver.class.getName(),
                        socket.toString())
                .redirectErrorStream(true)
                .redirectOutput(shared.resolve("driver.log").toFile())
                .start();
        driver = new PluginDriver(List.of(new ArtifactDriver("test", "test:latest", 60, socket.toString())));
    }

    @AfterAll
    static void stop() throws InterruptedException {
        driver.close();
        process.destroy();
        process.waitFor();
    }

    @BeforeEach
    void nothingIsThere() throws IOException {
        assertThat(objects).isEmptyDirectory();
    }

    @Override
    protected ArtifactStore store() throws StoreException {
        return locate("some/key").store();
    }

    private Located locate(String key) throws StoreException {
        return new Stores(List.of(driver), (_, _, _) -> Optional.empty())
                .locate(
                        "default",
                        Map.of("plugin", Map.of("name", "test", "configuration", objects.toString(), "key", key)));
    }

    private void write(String key, byte[] content) throws IOException {
        store().put(key, new ByteArrayInputStream(content), content.length, null);
    }

    @Test
    void whatIsLargeTellsNoSizeAndReadsWell() throws Exception {
        var large = new byte[5_000_000];
        large[4_999_999] = 7;
        write("large", large);
        assertThat(store().head("large").orElseThrow().sizeBytes()).isEqualTo(-1);
        try (var in = store().read("large", 4_999_998, 4_999_999)) {
            assertThat(in.readAllBytes()).containsExactly(0, 7);
        }
    }

    @Test
    void aDirectoryIsNoObject() throws Exception {
        write("dir/a", "a".getBytes(UTF_8));
        assertThat(store().head("dir")).isEmpty();
    }

    @Test
    void nothingIsLeftInTheSharedFolder() throws Exception {
        write("a", "a".getBytes(UTF_8));
        assertThatThrownBy(() -> store().put("b", new ByteArrayInputStream(new byte[3]), 4, null))
                .hasMessageContaining("artifact driver test can't save \"b\"")
                .hasMessageContaining("3 bytes instead of 4");
        try (Stream<Path> files = Files.list(shared.resolve("tiphys"))) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void keysMayBeginWithASlash() throws Exception {
        var located = locate(objects + "/absolute");
        assertThat(located.key()).doesNotStartWith("/");
        located.store().put(located.key(), new ByteArrayInputStream(new byte[1]), 1, null);
        assertThat(objects.resolve("absolute")).exists();
        assertThat(located.store().head(located.key())).isPresent();
    }
}
