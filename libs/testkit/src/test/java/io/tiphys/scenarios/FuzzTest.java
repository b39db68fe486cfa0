package io.tiphys.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.testkit.fuzz.Corpus;
import io.tiphys.testkit.fuzz.FuzzRun;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Hostile manifests are refused with their problems, or their workflows run to an end; {@code ./tiphys bench fuzz} runs more of them. */
class FuzzTest {
    private static final Path REPOSITORY = Path.of("../..");
    private static final long SEED = Long.getLong("fuzz.seed", 1);
    private static final long COUNT = Long.getLong("fuzz.count", 20_000);

    @Test
    void badInputIsRefusedOrRunsToItsEnd() throws IOException, InterruptedException {
        FuzzRun.Report report = FuzzRun.run(Corpus.of(REPOSITORY), SEED, COUNT, 1, 1);
        assertThat(report.findings()).isEmpty();
        assertThat(report.refused() + report.ended()).isEqualTo(COUNT);
        // both ways are walked
        assertThat(report.refused()).isGreaterThan(COUNT / 10);
        assertThat(report.ended()).isGreaterThan(COUNT / 10);
    }
}
