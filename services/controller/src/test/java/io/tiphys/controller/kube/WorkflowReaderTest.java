package io.tiphys.controller.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowPhase;
import java.io.IOException;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class WorkflowReaderTest {
    private static final String REST = """
            "spec": {"entrypoint": "main"},
            "status": {"phase": "Succeeded", "message": "m", "compressedNodes": "H4s", "nodes": {"a": {"id": "a"}}, "storedTemplates": {}}""";

    private final WorkflowReader reader = new WorkflowReader();

    private static String metadata(String completed, String more) {
        return """
                "apiVersion": "argoproj.io/v1alpha1", "kind": "Workflow",
                "metadata": {"name": "wf", "uid": "u", "resourceVersion": "7", "labels": {"workflows.argoproj.io/completed": "%s"}%s}""".formatted(completed, more);
    }

    private static JsonParser parser(String json) throws IOException {
        JsonParser parser = ApiJson.mapper().createParser(json);
        parser.nextToken();
        return parser;
    }

    private Workflow read(String... fields) throws IOException {
        try (JsonParser json = parser("{" + String.join(",", fields) + "}")) {
            Watched<Workflow> read = reader.read(json);
            assertThat(read.resourceVersion()).isEqualTo("7");
            assertThat(json.isClosed() || json.currentToken().isStructEnd()).isTrue();
            return Objects.requireNonNull(read.object());
        }
    }

    @Test
    void readsAWorkflowWhole() throws IOException {
        String json = metadata("true", "");

        assertThat(read(json, REST))
                .isEqualTo(ApiJson.mapper().readValue("{" + json + "," + REST + "}", Workflow.class));
        assertThat(read(json, REST).getStatus().nodes()).containsOnlyKeys("a");
    }

    @Test
    void leavesOutTheNodesOfOneThatHasCompletedAndIsBeingDeleted() throws IOException {
        Workflow workflow = read(metadata("true", ", \"deletionTimestamp\": \"2026-01-01T00:00:00Z\""), REST);

        assertThat(workflow.getStatus().nodes()).isEmpty();
        assertThat(workflow.getStatus().compressedNodes()).isNull();
        assertThat(workflow.getStatus().phase()).isEqualTo(WorkflowPhase.SUCCEEDED);
        assertThat(workflow.getStatus().message()).isEqualTo("m");
        assertThat(workflow.getSpec().entrypoint()).isEqualTo("main");
    }

    @Test
    void readsTheNodesOfOneThatIsBeingDeletedWhileItRuns() throws IOException {
        Workflow workflow = read(metadata("false", ", \"deletionTimestamp\": \"2026-01-01T00:00:00Z\""), REST);

        assertThat(workflow.getStatus().nodes()).containsOnlyKeys("a");
    }

    @Test
    void readsThemWhereTheMetadataComesLast() throws IOException {
        Workflow workflow = read(REST, metadata("true", ", \"deletionTimestamp\": \"2026-01-01T00:00:00Z\""));

        assertThat(workflow.getStatus().nodes()).containsOnlyKeys("a");
    }

    @Test
    void ofOneThatIsGoneTheMetadataSuffices() throws IOException {
        try (JsonParser json = parser("{" + metadata("true", "") + ", \"status\": {\"nodes\": {cut off")) {
            Watched<Workflow> gone = reader.readGone(json);

            assertThat(gone.resourceVersion()).isEqualTo("7");
            assertThat(Objects.requireNonNull(gone.object()).getMetadata().getUid())
                    .isEqualTo("u");
        }
    }

    @Test
    void aBookmarkIsNoWorkflow() throws IOException {
        try (JsonParser json = parser("{\"kind\": \"Workflow\", \"metadata\": {\"resourceVersion\": \"9\"}}")) {
            assertThat(reader.read(json)).isEqualTo(new Watched<Workflow>("9", null));
        }
    }
}
