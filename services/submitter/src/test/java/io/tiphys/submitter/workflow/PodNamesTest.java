package io.tiphys.submitter.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class PodNamesTest {
    private final ObjectMapper json = new ObjectMapper();

    @Test
    void areArgos() throws Exception {
        assertThat(pod("hello", "hello", "main", "v2")).isEqualTo("hello");
        assertThat(pod("fan-in-x2mzh", "fan-in-x2mzh[0].write(0:0)", "write", "v2"))
                .startsWith("fan-in-x2mzh-write-");
        assertThat(pod("wf", "wf.step", "", "v2")).matches("wf-\\d+");
        assertThat(pod("wf", "wf.step", "t", "v1")).isEqualTo("the-node-id");
        assertThat(pod("w".repeat(250), "n", "t", "v2").length()).isLessThanOrEqualTo(253);
    }

    private String pod(String workflow, String node, String template, String format) throws Exception {
        ObjectNode tree = json.readValue("""
                {"metadata":{"name":"%s","annotations":{"workflows.argoproj.io/pod-name-format":"%s"}}}""".formatted(workflow, format), ObjectNode.class);
        ObjectNode nodeTree = json.createObjectNode()
                .put("id", "the-node-id")
                .put("name", node)
                .put("templateName", template);
        return PodNames.of(new WorkflowTree(tree), nodeTree);
    }
}
