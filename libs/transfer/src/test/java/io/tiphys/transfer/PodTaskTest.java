package io.tiphys.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PodTaskTest {
    private final ObjectMapper mapper = new ObjectMapper();

    @Test
    void survivesJson() throws Exception {
        var task = new PodTask(
                new PodTask.WorkflowRef("default", "hello", "u-1"),
                "hello-1",
                "hello-main-1",
                List.of("main"),
                List.of(),
                "echo hi",
                List.of(new PodTask.Input(
                        "data", "/in", "/var/run/tiphys-inputs/data", 420, false, true, Archive.NONE, null)),
                new PodTask.Outputs(
                        List.of(new PodTask.OutputParameter("p", "/tmp/p", "x")),
                        List.of(new PodTask.OutputArtifact("out", "/tmp/out", false, Archive.ZIP, 9, null)),
                        true,
                        List.of(new PodTask.ArchivedLog("main-logs", "main"))),
                null,
                12L,
                null,
                null);
        assertThat(mapper.readValue(mapper.writeValueAsString(task), PodTask.class))
                .isEqualTo(task);
    }

    @Test
    void absentPartsAreEmpty() throws Exception {
        var task = mapper.readValue("{\"nodeId\":\"n\",\"podName\":\"p\"}", PodTask.class);
        assertThat(task.inputs()).isEmpty();
        assertThat(task.outputs()).isEqualTo(PodTask.Outputs.NONE);
        assertThat(task.outputContainer()).isEqualTo("main");
    }

    @Test
    void aTaskIsSplitOverVariablesAndJoined() {
        var json = "\u00e9\uD83D\uDEA2".repeat(30_000);
        var variables = PodTask.toVariables(json);
        assertThat(variables).containsKeys("TIPHYS_TASK", "TIPHYS_TASK_1", "TIPHYS_TASK_2");
        assertThat(PodTask.fromVariables(variables)).isEqualTo(json);
    }

    @Test
    void aLongTaskIsPacked() {
        var json = "{\"script\":\"" + "echo \u00e9 ".repeat(500_000) + "\"}";
        var variables = PodTask.toVariables(json);
        assertThat(variables.values().stream().mapToInt(String::length).sum()).isLessThan(100_000);
        assertThat(variables.keySet()).allMatch(PodTask::isVariable);
        assertThat(PodTask.fromVariables(variables)).isEqualTo(json);
    }

    @Test
    void linesTravel() throws Exception {
        var task = mapper.readValue("{\"nodeId\":\"n\",\"podName\":\"p\"}", PodTask.class)
                .withLines(Map.of("main.args", List.of("a", "b c")));
        assertThat(mapper.readValue(mapper.writeValueAsString(task), PodTask.class))
                .isEqualTo(task);
    }
}
