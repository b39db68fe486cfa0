package io.tiphys.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.engine.Engine;
import io.tiphys.testkit.Taken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jacoco.core.analysis.Analyzer;
import org.jacoco.core.analysis.CoverageBuilder;
import org.jacoco.core.analysis.IClassCoverage;
import org.jacoco.core.analysis.ICounter;
import org.jacoco.core.data.ExecutionDataStore;
import org.jacoco.core.data.SessionInfoStore;
import org.jacoco.core.tools.ExecFileLoader;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Comes last: what of the engine have all the others left out? */
@Order(Integer.MAX_VALUE)
class CompletenessTest {
    private static final double LEAST_COVERED = 0.82;

    @BeforeAll
    static void onlyAfterAllOthers() {
        Assumptions.assumeTrue(System.getProperty("test") == null, "only some tests were asked for");
    }

    @Test
    void everyDeclaredTransitionWasTaken() {
        Set<String> untaken = Taken.declared();
        untaken.removeAll(Taken.soFar());
        assertThat(untaken).as("declared transitions that no scenario takes").isEmpty();
        Set<String> undeclared = Taken.soFar();
        undeclared.removeAll(Taken.declared());
        assertThat(undeclared).as("transitions that aren't declared").isEmpty();
    }

    @Test
    void enginesLinesAreCovered() throws Exception {
        CoverageBuilder coverage = new CoverageBuilder();
        new Analyzer(executed(), coverage).analyzeAll(engineClasses().toFile());
        int missed = 0;
        int covered = 0;
        List<IClassCoverage> classes = new ArrayList<>(coverage.getClasses());
        for (IClassCoverage of : classes) {
            ICounter lines = of.getLineCounter();
            missed += lines.getMissedCount();
            covered += lines.getCoveredCount();
        }
        double ratio = (double) covered / (covered + missed);
        System.out.printf("engine: %d of %d lines are covered, %.1f %%%n", covered, covered + missed, ratio * 100);
        classes.sort((a, b) -> Integer.compare(
                b.getLineCounter().getMissedCount(), a.getLineCounter().getMissedCount()));
        assertThat(ratio)
                .as("lines of the engine that the tests run; missed most in "
                        + classes.stream()
                                .limit(25)
                                .map(CompletenessTest::missedIn)
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

    /** What the coverage agent of this process has seen so far. */
    private static ExecutionDataStore executed() throws IOException {
        byte[] seen;
        try {
            Class<?> runtime = Class.forName("org.jacoco.agent.rt.RT");
            Object agent = runtime.getMethod("getAgent").invoke(null);
            seen = (byte[]) Class.forName("org.jacoco.agent.rt.IAgent")
                    .getMethod("getExecutionData", boolean.class)
                    .invoke(agent, false);
        } catch (ReflectiveOperationException e) {
            return Assumptions.abort("nothing is recorded without the coverage agent: " + e);
        }
        ExecFileLoader loader = new ExecFileLoader();
        loader.load(new java.io.ByteArrayInputStream(seen));
        SessionInfoStore sessions = loader.getSessionInfoStore();
        assertThat(sessions.isEmpty()).isFalse();
        return loader.getExecutionDataStore();
    }

    private static Path engineClasses() throws Exception {
        Path place = Path.of(
                Engine.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        assertThat(Files.exists(place)).isTrue();
        return place;
    }
}
