package io.tiphys.submitter.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.tiphys.messages.Trigger;
import io.tiphys.submitter.event.TriggerEnvironment.BadExpression;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoundWorkflowTest {
    private static final JsonNode TEMPLATE = yaml("""
            metadata: {name: build}
            spec: {workflowMetadata: {labels: {team: blue}, annotations: {note: n}}}
            """);

    private static JsonNode yaml(String text) {
        return Serialization.unmarshal(text, JsonNode.class);
    }

    private static Trigger trigger(String id) throws Exception {
        return new Trigger(
                id,
                Instant.EPOCH,
                "argo",
                "push",
                Map.of("x-github-event", List.of("push")),
                new ObjectMapper().readTree("{\"message\":\"hi\",\"count\":3,\"tags\":[\"a\",\"b\"],\"ok\":true}"));
    }

    private static JsonNode workflow(String submit, String id) throws Exception {
        JsonNode binding = yaml("metadata: {name: on-push}\nspec:\n  submit:\n" + submit.indent(4));
        Trigger trigger = trigger(id);
        return BoundWorkflow.of(binding, TEMPLATE, trigger, new TriggerEnvironment(trigger));
    }

    @Test
    void argumentsAndMetadataComeFromTheEvent() throws Exception {
        JsonNode workflow = workflow("""
                workflowTemplateRef: {name: build}
                metadata: {labels: {who: payload.message}, annotations: {n: 'string(payload.count)'}}
                arguments:
                  parameters:
                  - {name: text, valueFrom: {event: payload.message}}
                  - {name: number, valueFrom: {event: payload.count}}
                  - {name: list, valueFrom: {event: payload.tags}}
                  - {name: header, valueFrom: {event: 'metadata["x-github-event"][0]'}}
                  - {name: nothing, valueFrom: {event: payload.absent}}
                """, "id");

        assertThat(workflow.at("/metadata/labels").toString())
                .contains(
                        "\"workflows.argoproj.io/workflow-template\":\"build\"",
                        "\"workflows.argoproj.io/workflow-event-binding\":\"on-push\"",
                        "\"team\":\"blue\"",
                        "\"who\":\"hi\"");
        assertThat(workflow.at("/metadata/annotations/n").asText()).isEqualTo("3");
        assertThat(workflow.at("/metadata/annotations/note").asText()).isEqualTo("n");
        assertThat(workflow.at("/spec/workflowTemplateRef/name").asText()).isEqualTo("build");
        assertThat(workflow.at("/spec/arguments/parameters").findValuesAsText("value"))
                .containsExactly("hi", "3", "[\"a\",\"b\"]", "push", "null");
    }

    @Test
    void theSameEventMakesTheSameNameAndAnotherAnother() throws Exception {
        String submit =
                "workflowTemplateRef: {name: build}\nmetadata: {generateName: '\"x-\" + payload.message + \"-\"'}\n";

        String first = workflow(submit, "one").at("/metadata/name").asText();

        assertThat(first).startsWith("x-hi-");
        assertThat(workflow(submit, "one").at("/metadata/name").asText()).isEqualTo(first);
        assertThat(workflow(submit, "two").at("/metadata/name").asText()).isNotEqualTo(first);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            arguments: {parameters: [{name: p}]}; malformed workflow template parameter "p": valueFrom is nil
            arguments: {parameters: [{name: p, valueFrom: {event: 'payload +'}}]}; failed to evaluate workflow template parameter "p" expression
            metadata: {name: payload.count}; workflow name expression must evaluate to a string
            metadata: {labels: {a: nobody.knows}}; failed to evaluate workflow label "a" expression: unknown name nobody
            """)
    void nonsenseIsNamed(String submit, String message) {
        assertThatThrownBy(() -> workflow("workflowTemplateRef: {name: build}\n" + submit + "\n", "id"))
                .isInstanceOf(BadExpression.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            payload.message == "hi" && discriminator == "push"; true
            namespace == "argo" && "push" in metadata["x-github-event"]; true
            payload.message != "" && payload.absent == "x"; false
            payload.ok; true
            """)
    void selectorsDecide(String selector, boolean expected) throws Exception {
        assertThat(new TriggerEnvironment(trigger("id")).matches(selector)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = "payload.message; unable to cast\ngarbage garbage; unexpected\n''; \n")
    void selectorsThatAreNoneAreErrors(String selector, String hint) throws Exception {
        TriggerEnvironment environment = new TriggerEnvironment(trigger("id"));
        assertThatThrownBy(() -> environment.matches(selector == null ? "" : selector))
                .isInstanceOf(BadExpression.class)
                .hasMessageContaining(hint == null ? "" : hint);
    }
}
