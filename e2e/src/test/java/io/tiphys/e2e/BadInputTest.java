package io.tiphys.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can't be right is refused with the place and the way out, and leaves nothing behind. */
@ExtendWith(RunningSystem.class)
class BadInputTest {
    private final Tiphys tiphys;

    @TempDir
    Path dir;

    BadInputTest(Tiphys tiphys) {
        this.tiphys = tiphys;
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            not YAML           | spec: [                                                                     | yaml
            missing template   | {entrypoint: nowhere, templates: [{name: a, suspend: {}}]}                  | nowhere
            unknown field      | {entrypoint: a, templates: [{name: a, suspend: {}, colour: red}]}           | colour
            cycle              | {entrypoint: a, templates: [{name: a, dag: {tasks: [{name: left, template: b, depends: right}, {name: right, template: b, depends: left}]}}, {name: b, suspend: {}}]} | depend on each other
            unknown reference  | {entrypoint: a, templates: [{name: a, container: {image: x, command: [sh], args: ['{{inputs.parameters.none}}']}}]} | inputs.parameters.none
            duplicate name     | {entrypoint: a, templates: [{name: a, suspend: {}}, {name: a, suspend: {}}]} | a
            """)
    void isRefused(String what, String spec, String named) throws IOException {
        Path file = dir.resolve("bad.yaml");
        Files.writeString(file, """
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata:
                  name: refused
                spec: %s
                """.formatted(spec));

        CommandResult result = tiphys.run("submit", file.toString());

        assertThat(result.exit()).as("%s", result).isEqualTo(2);
        assertThat(result.err().toLowerCase(Locale.ROOT)).contains(named.toLowerCase(Locale.ROOT));
        assertThat(tiphys.run("get", "refused").exit()).isNotZero();
    }

    @Test
    void aServerThatIsNotThereIsExitCode3() {
        CommandResult result = new Tiphys(dir.resolve("no-instance")).run("list");

        assertThat(result.exit()).as("%s", result).isEqualTo(3);
        assertThat(result.err()).contains("tiphys up");
    }

    @Test
    void aWorkflowThatFailsIsExitCode1() {
        assertThat(tiphys.run("submit", "--wait", "examples/exit-handler.yaml").exit())
                .isEqualTo(1);
    }
}
