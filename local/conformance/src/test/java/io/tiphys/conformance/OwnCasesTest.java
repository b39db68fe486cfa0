package io.tiphys.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.conformance.simulation.SimulatedCases;
import io.tiphys.conformance.suite.CaseFolder;
import io.tiphys.conformance.suite.ConformanceCase;
import io.tiphys.conformance.suite.Mode;
import io.tiphys.conformance.suite.Verdict;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The project's own cases, by the engine and the validator alone. */
class OwnCasesTest {
    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    private static final CaseFolder FOLDER = CaseFolder.read(ROOT.resolve("conformance"));
    private static final SimulatedCases SIMULATED = new SimulatedCases(FOLDER);

    static Stream<String> ids() {
        return FOLDER.cases().stream()
                .filter(wanted -> wanted.mode() != Mode.APPLY)
                .map(ConformanceCase::id);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ids")
    void comesOutAsExpected(String id) {
        ConformanceCase wanted = FOLDER.cases().stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow();
        assertThat(ConformanceCommand.alone(SIMULATED, wanted))
                .as(wanted.title())
                .isEqualTo(new Verdict.Pass());
    }

    @Test
    void idsAreUniqueAndFeaturesNamed() {
        List<String> ids = FOLDER.cases().stream().map(ConformanceCase::id).toList();
        assertThat(new HashSet<>(ids)).hasSameSizeAs(ids);
        assertThat(FOLDER.cases()).allSatisfy(wanted -> {
            assertThat(wanted.title()).isNotEmpty();
            assertThat(wanted.features()).isNotEmpty();
            assertThat(FOLDER.documents(wanted)).isNotEmpty();
        });
    }

    @Test
    void theTableOfFeaturesIsFresh() throws Exception {
        Path written = Files.createTempFile("compatibility", ".md");
        Path folder = ROOT.resolve("conformance");
        int code = Main.run(
                new PrintWriter(new StringWriter()), folder.toString(), "--engine", "--markdown", written.toString());
        assertThat(code).isZero();
        assertThat(Files.readString(ROOT.resolve("docs/compatibility.md")))
                .as("write it anew: ./tiphys conformance conformance --engine --markdown docs/compatibility.md")
                .isEqualTo(Files.readString(written));
    }
}
