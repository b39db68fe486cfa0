package io.tiphys.local.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A second opinion: Alibaba Cloud's Python SDK, where {@code TIPHYS_TEST_PYTHON} (or python3) has the package oss2. */
class PythonSdkTest {
    private static final String PYTHON = Objects.requireNonNullElse(System.getenv("TIPHYS_TEST_PYTHON"), "python3");

    @TempDir
    Path dir;

    private static Process python(String... arguments) throws IOException {
        var command = new java.util.ArrayList<>(List.of(PYTHON));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static boolean hasPackage() throws InterruptedException {
        try {
            return python("-c", "import oss2").waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1", "v4"})
    void doesWhatItDoesToOss(String version) throws Exception {
        assumeThat(hasPackage()).isTrue();
        var script = Path.of(
                Objects.requireNonNull(getClass().getResource("/oss2_check.py")).toURI());
        try (var store = ObjectStore.start(ObjectStoreConfig.in(dir, "id", "secret"))) {
            var process = python(script.toString(), store.endpoint().toString(), "id", "secret", version);
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(said).isEqualTo("ok\n");
        }
    }
}
