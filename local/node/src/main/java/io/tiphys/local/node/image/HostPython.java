package io.tiphys.local.node.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The machine's Python. */
final class HostPython {
    private HostPython() {}

    /** The folder with {@code python} and {@code python3}, wherever shims and version managers hide it. */
    static Optional<Path> find() {
        try {
            Process process = new ProcessBuilder(
                            "python3", "-c", "import os,sys; print(os.path.dirname(os.path.realpath(sys.executable)))")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String folder = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0 && !folder.isEmpty()
                    ? Optional.of(Path.of(folder))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
