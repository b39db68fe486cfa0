package io.tiphys.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples that the README points to end as their comments say. */
@ExtendWith(RunningSystem.class)
class ExamplesTest {
    private final Tiphys tiphys;

    ExamplesTest(Tiphys tiphys) {
        this.tiphys = tiphys;
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello", "steps", "dag", "artifacts", "artifact-large", "retries"})
    void succeeds(String example) {
        CommandResult result = tiphys.run("submit", "--wait", "examples/" + example + ".yaml");

        assertThat(result.exit()).as("%s", result).isZero();
    }

    @Test
    void allAreValid() {
        CommandResult result = tiphys.run("lint", "--offline", "examples");

        assertThat(result.exit()).as("%s", result).isZero();
    }

    @ParameterizedTest
    @CsvSource({"sequence, count=20", "param, count=20", "rounds, count=4", "nodes, count=200"})
    void largeOnesSucceedWhenTheyAreSmall(String example, String parameter) {
        CommandResult result = tiphys.run("submit", "--wait", "-p", parameter, "examples/scale/" + example + ".yaml");

        assertThat(result.exit()).as("%s", result).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"dag", "long-args"})
    void largeOnesThatAreWrittenSucceedWhenTheyAreSmall(String example, @TempDir Path dir) throws Exception {
        Path manifest = dir.resolve(example + ".json");
        Process writing = new ProcessBuilder("sh", "examples/scale/" + example + ".sh", "20")
                .directory(Path.of(System.getProperty("tiphys.root")).toFile())
                .redirectOutput(manifest.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(writing.waitFor()).isZero();

        CommandResult result = tiphys.run("submit", "--wait", manifest.toString());

        assertThat(result.exit()).as("%s", result).isZero();
    }

    @Test
    void exitHandlerRunsAfterAFailureAndTheWorkflowStaysFailed() {
        JsonNode workflow = tiphys.submitAndWait("examples/exit-handler.yaml");

        assertThat(Tiphys.phase(workflow)).isEqualTo("Failed");
        assertThat(phaseOf(workflow, "console")).isEqualTo("Succeeded");
        assertThat(phaseOf(workflow, "celebrate")).isEqualTo("Skipped");
    }

    @Test
    void fanInMergesAllFilesInOrder() {
        int files = 16;

        JsonNode workflow = tiphys.submitAndWait("-p", "files=" + files, "examples/fan-in.yaml");

        assertThat(Tiphys.phase(workflow))
                .as("%s", workflow.at("/status/message"))
                .isEqualTo("Succeeded");
        StringBuilder expected = new StringBuilder();
        IntStream.range(0, files).forEach(i -> expected.append(i % 10));
        assertThat(workflow.at("/status/outputs/parameters/0/value").asText()).hasToString(expected.toString());
    }

    @Test
    void cronStartsAWorkflowOfItsOwn() {
        tiphys.ok("submit", "examples/cron.yaml");

        List<String> started = Waiting.until(
                "a workflow of the cron",
                () -> StreamSupport.stream(
                                Tiphys.json(tiphys.ok("list", "-o", "json"))
                                        .path("items")
                                        .spliterator(),
                                false)
                        .map(workflow -> workflow.at("/metadata/name").asText())
                        .filter(name -> name.startsWith("every-minute-"))
                        .toList(),
                names -> !names.isEmpty());
        assertThat(tiphys.run("wait", started.getFirst()).exit()).isZero();
    }

    static String phaseOf(JsonNode workflow, String displayName) {
        return StreamSupport.stream(workflow.at("/status/nodes").spliterator(), false)
                .filter(node -> node.path("displayName").asText().equals(displayName))
                .map(node -> node.path("phase").asText())
                .findFirst()
                .orElse("no node " + displayName);
    }
}
