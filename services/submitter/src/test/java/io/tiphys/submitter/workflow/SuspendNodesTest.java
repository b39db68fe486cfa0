package io.tiphys.submitter.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.submitter.rest.ApiException;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SuspendNodesTest {
    private static SuspendNodes waiting(String outputs) {
        String node =
                "{\"name\":\"w[0].%s\",\"displayName\":\"%s\",\"type\":\"%s\",\"phase\":\"%s\",\"outputs\":{\"parameters\":[%s]}}";
        try {
            return SuspendNodes.waiting(new WorkflowTree((ObjectNode) new ObjectMapper()
                    .readTree("{\"status\":{\"nodes\":{\"a\":"
                            + node.formatted("approve", "approve", "Suspend", "Running", outputs) + ",\"b\":"
                            + node.formatted("over", "over", "Suspend", "Succeeded", "") + ",\"c\":"
                            + node.formatted("pod", "pod", "Pod", "Running", "") + "}}}")));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Test
    void areThoseThatWait() {
        assertThat(waiting("").nodes())
                .extracting(node -> node.path("displayName").asText())
                .containsExactly("approve");
        assertThat(waiting("").matching("displayName=over").nodes()).isEmpty();
        assertThatThrownBy(() -> waiting("").require("displayName=over"))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("no suspend nodes matching nodeFieldSelector: displayName=over");
    }

    @Test
    void goOnOnceTheirOutputsAreThere() {
        assertThatThrownBy(() -> waiting("{\"name\":\"p\",\"valueFrom\":{\"supplied\":{}}}")
                        .requireToHaveOutputs())
                .isInstanceOf(ApiException.class)
                .hasMessage("raw output parameter 'p' has not been set and does not have a default value");
        for (String there : new String[] {
            "", "{\"name\":\"p\",\"value\":\"1\"}", "{\"name\":\"p\",\"valueFrom\":{\"supplied\":{},\"default\":\"\"}}"
        }) {
            assertThatCode(() -> waiting(there).requireToHaveOutputs()).doesNotThrowAnyException();
        }
    }

    @Test
    void expectWhatNobodySet() {
        SuspendNodes nodes =
                waiting("{\"name\":\"p\",\"valueFrom\":{\"supplied\":{}}},{\"name\":\"q\",\"value\":\"1\"}");

        assertThat(nodes.expectAnyOf(Set.of("p", "x"))).isTrue();
        assertThat(nodes.expectAnyOf(Set.of("q"))).isFalse();
    }
}
