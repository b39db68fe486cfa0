package io.tiphys.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
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
    void longTaskIsSplitOverVariablesAndJoined() {
        var json = "é\uD83D\uDEA2".repeat(60_000);
        var variables = PodTask.toVariables(json);
        assertThat(variables).containsKeys("TIPHYS_TASK", "TIPHYS_TASK_1", "TIPHYS_TASK_2");
        assertThat(PodTask.fromVariables(variables)).isEqualTo(json);
    }
}
