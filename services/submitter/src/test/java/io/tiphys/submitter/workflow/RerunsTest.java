package io.tiphys.submitter.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RerunsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"shutdown\":\"Stop\"}            | {\"spec\":{\"shutdown\":null}}",
                "{\"activeDeadlineSeconds\":0}    | {\"spec\":{\"activeDeadlineSeconds\":null}}",
                "{\"activeDeadlineSeconds\":10}   | {}",
                "{\"suspend\":true}               | {}"
            })
    void whatEndedAWorkflowIsTakenBack(String spec, String expected) throws JsonProcessingException {
        ObjectNode workflow = new ObjectMapper().readValue("{\"spec\":" + spec + "}", ObjectNode.class);
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        Reruns.forgetEnd(new WorkflowTree(workflow), patch);
        assertThat(patch).hasToString(expected);
    }
}
