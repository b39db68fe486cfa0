package io.tiphys.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What is too large for an object of the Kubernetes API. */
@ExtendWith(RunningSystem.class)
class LargeWorkflowTest {
    private final Tiphys tiphys;

    @TempDir
    private Path directory = Path.of(".");

    LargeWorkflowTest(Tiphys tiphys) {
        this.tiphys = tiphys;
    }

    @Test
    void fiveMegabytesOfArgumentsReachTheirContainer() throws IOException {
        int count = 100_000;
        StringBuilder arguments = new StringBuilder();
        for (int i = 0; i < count; i++) {
            arguments.append(i == 0 ? "" : ",").append("\"%050d\"".formatted(i));
        }
        Path manifest = Files.writeString(directory.resolve("arguments.json"), """
                {"apiVersion":"argoproj.io/v1alpha1","kind":"Workflow","metadata":{"generateName":"long-args-"},
                "spec":{"entrypoint":"main","templates":[{"name":"main",
                "outputs":{"parameters":[{"name":"seen","valueFrom":{"path":"/tmp/seen"}}]},
                "container":{"image":"alpine:3.20","command":["sh","-c","echo $# $1 > /tmp/seen","sh"],"args":[%s]}}]}}
                """.formatted(arguments));

        JsonNode workflow = tiphys.submitAndWait(manifest.toString());

        assertThat(Tiphys.phase(workflow))
                .as("%s", workflow.at("/status/message"))
                .isEqualTo("Succeeded");
        String seen = StreamSupport.stream(workflow.at("/status/nodes").spliterator(), false)
                .map(node -> node.at("/outputs/parameters/0/value").asText())
                .findFirst()
                .orElse("");
        assertThat(seen.strip()).isEqualTo(count + " " + "%050d".formatted(0));
    }

    @Test
    void aDagOfThousandsOfNamedTasksRunsAndReadsBackWhole() throws IOException {
        int count = 20_000;
        StringBuilder tasks = new StringBuilder();
        for (int i = 1; i <= count; i++) {
            tasks.append(i == 1 ? "" : ",")
                    .append("{\"name\":\"task-%d\",\"template\":\"work\",\"when\":\"%s\""
                            .formatted(i, i % 10_000 == 0));
            tasks.append(i == 1 ? "}" : ",\"depends\":\"task-%d\"}".formatted(i / 2));
        }
        Path manifest = Files.writeString(directory.resolve("dag.json"), """
                {"apiVersion":"argoproj.io/v1alpha1","kind":"Workflow","metadata":{"generateName":"large-dag-"},
                "spec":{"entrypoint":"main","templates":[{"name":"main","dag":{"tasks":[%s]}},
                {"name":"work","container":{"image":"alpine:3.20","command":["true"]}}]}}
                """.formatted(tasks));

        JsonNode workflow = tiphys.submitAndWait(manifest.toString());

        assertThat(Tiphys.phase(workflow))
                .as("%s", workflow.at("/status/message"))
                .isEqualTo("Succeeded");
        assertThat(workflow.at("/spec/templates/0/dag/tasks")).hasSize(count);
        assertThat(workflow.at("/status/nodes")).hasSize(count + 1);
        assertThat(ExamplesTest.phaseOf(workflow, "task-10000")).isEqualTo("Succeeded");
    }
}
