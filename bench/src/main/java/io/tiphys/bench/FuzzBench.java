package io.tiphys.bench;

import io.tiphys.testkit.fuzz.Corpus;
import io.tiphys.testkit.fuzz.FuzzRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Hostile manifests, as many as there is time for.
 *
 * <p>{@code ./tiphys bench fuzz [--seed N] [--count N] [--threads N] [--findings N]}; a million from a seed of the clock's, if not given. A finding is
 * printed with the command that shows it again; after the first one, or as many as asked for, it stops.
 */
public final class FuzzBench {
    private static final long COUNT = 1_000_000;
    private static final long BLOCK = 20_000;

    private FuzzBench() {}

    static void main(String... arguments) throws IOException, InterruptedException {
        Options options = Options.of(arguments);
        long seed = options.number("--seed", System.currentTimeMillis());
        long count = options.number("--count", COUNT);
        int threads = (int) options.number("--threads", Runtime.getRuntime().availableProcessors());
        int enough = (int) options.number("--findings", 1);
        Corpus corpus = Corpus.of(Path.of(System.getProperty("tiphys.root", ".")));
        System.out.printf("fuzz: %,d manifests from seed %d, made from %d files%n", count, seed, corpus.size());
        long begun = System.nanoTime();
        long refused = 0;
        long ended = 0;
        int found = 0;
        for (long done = 0; done < count && found < enough; done += BLOCK) {
            FuzzRun.Report report =
                    FuzzRun.run(corpus, seed + done, Math.min(BLOCK, count - done), threads, enough - found);
            refused += report.refused();
            ended += report.ended();
            double seconds = (System.nanoTime() - begun) / 1e9;
            System.out.printf(
                    Locale.ROOT,
                    "fuzz: %,9d manifests: %,d refused, %,d run to their end; %.0f s, %.0f/s%n",
                    refused + ended,
                    refused,
                    ended,
                    seconds,
                    (refused + ended) / seconds);
            report.findings().forEach(finding -> System.out.println("fuzz: " + finding));
            found += report.findings().size();
        }
        if (found > 0) {
            System.exit(1);
        }
    }
}
