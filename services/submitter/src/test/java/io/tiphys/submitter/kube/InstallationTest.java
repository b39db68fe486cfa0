package io.tiphys.submitter.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.submitter.config.InstanceConfig;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class InstallationTest {
    private static final String LABEL = "workflows.argoproj.io/controller-instanceid";

    private record Id(Optional<String> instanceId) implements InstanceConfig {
        @Override
        public Optional<String> workflowDefaults() {
            return Optional.empty();
        }
    }

    private static Installation installation(@Nullable String id) {
        return new Installation(new Id(Optional.ofNullable(id)));
    }

    private static ObjectNode workflow(String labels) {
        try {
            return new ObjectMapper()
                    .readValue("{\"metadata\":{\"name\":\"wf\",\"labels\":" + labels + "}}", ObjectNode.class);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static String labelOf(ObjectNode object) {
        return object.path("metadata").path("labels").path(LABEL).asText("none");
    }

    @Test
    void whatIsMadeBearsTheId() {
        assertThat(labelOf(installation("ci").labelled(ArgoKind.WORKFLOW, workflow("{}"))))
                .isEqualTo("ci");
        assertThat(labelOf(installation("ci").labelled(ArgoKind.WORKFLOW_EVENT_BINDING, workflow("{}"))))
                .isEqualTo("none");
        assertThat(labelOf(installation(null).labelled(ArgoKind.WORKFLOW, workflow("{\"" + LABEL + "\":\"ci\"}"))))
                .isEqualTo("none");
    }

    @Test
    void onlyItsOwnIsListed() {
        assertThat(installation("ci").select(ArgoKind.WORKFLOW, "")).isEqualTo(LABEL + "=ci");
        assertThat(installation(null).select(ArgoKind.CRON_WORKFLOW, "a=b")).isEqualTo("a=b,!" + LABEL);
        assertThat(installation("ci").select(ArgoKind.WORKFLOW_EVENT_BINDING, "a=b"))
                .isEqualTo("a=b");
    }

    @Test
    void anothersIsRefused() {
        ObjectNode theirs = workflow("{\"" + LABEL + "\":\"prod\"}");
        for (Installation other : new Installation[] {installation("ci"), installation(null)}) {
            assertThatThrownBy(() -> other.requireOwn(ArgoKind.WORKFLOW, theirs))
                    .hasMessage("'wf' is not managed by the current Argo Server");
        }
        assertThat(installation("prod").requireOwn(ArgoKind.WORKFLOW, theirs)).isSameAs(theirs);
    }
}
