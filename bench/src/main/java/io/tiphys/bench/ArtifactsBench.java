package io.tiphys.bench;

import io.tiphys.bench.artifacts.Table;
import java.io.IOException;

/** {@code ./tiphys bench artifacts}: what it costs to move artifacts through the running instance. */
public final class ArtifactsBench {
    private ArtifactsBench() {}

    static void main(String... arguments) throws IOException {
        var instance = LocalInstance.find(arguments).instance();
        if (instance == null) {
            throw new IllegalStateException(
                    "bench artifacts needs a local instance: its store, its uploader, its disk");
        }
        var options = Options.of(arguments);
        new Table(LocalInstance.home(), instance)
                .print(
                        new Table.Sizes(
                                mebibytes(options, "--size", 4096),
                                (int) options.number("--rounds", 3),
                                (int) options.number("--files", 10_000),
                                mebibytes(options, "--memory-size", 20_480),
                                mebibytes(options, "--kill-size", 4096),
                                (int) options.number("--kills", 10),
                                options.number("--seed", 1)),
                        options.text("--only", ""));
    }

    private static long mebibytes(Options options, String name, long otherwise) {
        return options.number(name, otherwise) << 20;
    }
}
