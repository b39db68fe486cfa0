package io.tiphys.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.engine.Engine;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jacoco.core.analysis.Analyzer;
import org.jacoco.core.analysis.CoverageBuilder;
import org.jacoco.core.analysis.IClassCoverage;
import org.jacoco.core.tools.ExecFileLoader;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Comes last: which lines of the engine do its own tests, the scenarios of the testkit and the cases of conformance/ run? */
@Order(Integer.MAX_VALUE)
class EngineCoverageTest {
    private static final double LEAST_COVERED = 0.95;
    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

    /** Where the modules before this one in the build have written what they ran. */
    private static final List<Path> BEFORE =
            List.of(ROOT.resolve("libs/engine/target/jacoco.exec"), ROOT.resolve("libs/testkit/target/jacoco.exec"));

    @BeforeAll
    static void onlyAfterAllOthers() {
        Assumptions.assumeTrue(System.getProperty("test") == null, "only some tests were asked for");
        for (Path recorded : BEFORE) {
            Assumptions.assumeTrue(Files.exists(recorded), "tests that belong to it have not run: no " + recorded);
        }
    }

    @Test
    void enginesLinesAreCovered() throws Exception {
        CoverageBuilder coverage = new CoverageBuilder();
        new Analyzer(recorded().getExecutionDataStore(), coverage)
                .analyzeAll(engineClasses().toFile());
        Assumptions.assumeTrue(
                coverage.getNoMatchClasses().isEmpty(), "the engine has changed since the tests before this one ran");
        int missed = 0;
        int covered = 0;
        List<IClassCoverage> classes = new ArrayList<>(coverage.getClasses());
        for (IClassCoverage of : classes) {
            missed += of.getLineCounter().getMissedCount();
            covered += of.getLineCounter().getCoveredCount();
        }
        double ratio = (double) covered / (covered + missed);
        System.out.printf("engine: %d of %d lines are covered, %.1f %%%n", covered, covered + missed, ratio * 100);
        classes.sort((a, b) -> Integer.compare(
                b.getLineCounter().getMissedCount(), a.getLineCounter().getMissedCount()));
        assertThat(ratio)
                .as(
                        "lines of the engine that the tests run (all of libs/engine and libs/testkit count as they ran last); missed most in "
                                + classes.stream()
                                        .limit(25)
                                        .map(EngineCoverageTest::missedIn)
                                        .toList())
                .isGreaterThanOrEqualTo(LEAST_COVERED);
    }

    private static String missedIn(IClassCoverage of) {
        List<Integer> lines = new ArrayList<>();
        for (int line = of.getFirstLine(); line <= of.getLastLine(); line++) {
            if (of.getLine(line).getInstructionCounter().getTotalCount() > 0
                    && of.getLine(line).getInstructionCounter().getCoveredCount() == 0) {
                lines.add(line);
            }
        }
        return of.getName().substring(of.getName().lastIndexOf('/') + 1) + lines;
    }

    private static ExecFileLoader recorded() throws IOException {
        ExecFileLoader loader = new ExecFileLoader();
        loader.load(new ByteArrayInputStream(seenByThisProcess()));
        for (Path before : BEFORE) {
            loader.load(before.toFile());
        }
        return loader;
    }

    /** What the coverage agent of this process has seen so far; its runtime is there only if the agent is. */
    private static byte[] seenByThisProcess() {
        try {
            Object agent = Class.forName("org.jacoco.agent.rt.RT")
                    .getMethod("getAgent")
                    .invoke(null);
            return (byte[]) Class.forName("org.jacoco.agent.rt.IAgent")
                    .getMethod("getExecutionData", boolean.class)
                    .invoke(agent, false);
        } catch (ReflectiveOperationException e) {
            return Assumptions.abort("nothing is recorded without the coverage agent: " + e);
        }
    }

    private static Path engineClasses() throws Exception {
        return Path.of(
                Engine.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
