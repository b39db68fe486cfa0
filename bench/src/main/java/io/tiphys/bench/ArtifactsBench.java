package io.tiphys.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tiphys.bench.artifacts.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** {@code ./tiphys bench artifacts}: what it costs to move artifacts through the running instance. */
public final class ArtifactsBench {
    private ArtifactsBench() {}

    static void main(String... arguments) throws IOException {
        var options = Options.of(arguments);
        new Table(home(), instance())
                .print(
                        new Table.Sizes(
                                mebibytes(options, "--size", 4096),
                                (int) options.number("--rounds", 3),
                                (int) options.number("--files", 10_000),
                                mebibytes(options, "--memory-size", 20_480),
                                mebibytes(options, "--kill-size", 4096),
                                (int) options.number("--kills", 10),
                                options.number("--seed", 1),
                                (int) options.number("--objects", 100_000)),
                        options.text("--only", ""));
    }

    private static Path home() {
        return Path.of(
                Objects.requireNonNullElse(System.getenv("TIPHYS_HOME"), System.getProperty("user.home") + "/.tiphys"));
    }

    /** What the running instance says of itself: its store, its uploader, its disk are measured. */
    private static JsonNode instance() throws IOException {
        Path file = home().resolve("instance.json");
        if (Files.notExists(file)) {
            throw new IllegalStateException(
                    "no running instance in " + home() + ": start one with `./tiphys up --detach`");
        }
        return new ObjectMapper().readTree(file.toFile());
    }

    private static long mebibytes(Options options, String name, long otherwise) {
        return options.number(name, otherwise) << 20;
    }
}
