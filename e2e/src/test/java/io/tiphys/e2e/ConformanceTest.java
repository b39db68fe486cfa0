package io.tiphys.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The project's own conformance cases on the running system; by the engine alone they run in local/conformance. */
@ExtendWith(RunningSystem.class)
class ConformanceTest {
    private final Tiphys tiphys;

    ConformanceTest(Tiphys tiphys) {
        this.tiphys = tiphys;
    }

    @Test
    void everyCaseComesOutAsExpected() {
        CommandResult result = tiphys.run("conformance", "conformance");

        assertThat(result.out().lines().filter(line -> line.startsWith("miss"))).isEmpty();
        assertThat(result.exit()).as("%s", result).isZero();
        assertThat(result.lastLine()).matches("conformance: \\d+ passed, 0 missed, \\d+ skipped");
    }
}
