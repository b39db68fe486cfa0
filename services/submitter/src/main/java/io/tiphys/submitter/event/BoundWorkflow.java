package io.tiphys.submitter.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.expression.Expr;
import io.tiphys.messages.Trigger;
import io.tiphys.submitter.event.TriggerEnvironment.BadExpression;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Makes the workflow that a WorkflowEventBinding submits for an event. Its name is a function of event and binding, so that handling
 * the event twice makes one workflow.
 */
final class BoundWorkflow {
    static final String ANNOTATION_EVENT = "tiphys.io/event";
    private static final String LABELS = "workflows.argoproj.io/";
    // what Kubernetes itself makes suffixes of
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
    private static final int SUFFIX_LENGTH = 8;

    private BoundWorkflow() {}

    /**
     * The workflow to create.
     *
     * @param binding the WorkflowEventBinding
     * @param template what its {@code workflowTemplateRef} refers to
     */
    static ObjectNode of(JsonNode binding, JsonNode template, Trigger trigger, TriggerEnvironment environment)
            throws BadExpression {
        JsonNode submit = binding.path("spec").path("submit");
        JsonNode ref = submit.path("workflowTemplateRef");
        boolean cluster = ref.path("clusterScope").asBoolean(false);
        String bindingName = binding.path("metadata").path("name").asText();
        ObjectNode workflow = JsonNodeFactory.instance.objectNode();
        ObjectNode metadata = workflow.putObject("metadata").put("namespace", trigger.namespace());
        ObjectNode labels = metadata.putObject("labels");
        ObjectNode annotations = metadata.putObject("annotations");
        JsonNode ofTemplate = template.path("spec").path("workflowMetadata");
        labels.put(
                LABELS + (cluster ? "cluster-workflow-template" : "workflow-template"),
                ref.path("name").asText());
        ofTemplate.path("labels").properties().forEach(entry -> labels.set(entry.getKey(), entry.getValue()));
        ofTemplate.path("annotations").properties().forEach(entry -> annotations.set(entry.getKey(), entry.getValue()));
        String generateName = ref.path("name").asText() + "-";
        JsonNode wanted = submit.path("metadata");
        if (!wanted.path("generateName").asText("").isEmpty()) {
            generateName = text(environment, wanted.path("generateName").asText(), "generateName");
        }
        String name = wanted.path("name").asText("").isEmpty()
                ? generateName + suffix(trigger.id() + "/" + bindingName)
                : text(environment, wanted.path("name").asText(), "name");
        metadata.put("name", name);
        for (var label : wanted.path("labels").properties()) {
            labels.put(
                    label.getKey(), text(environment, label.getValue().asText(), "label \"" + label.getKey() + "\""));
        }
        for (var annotation : wanted.path("annotations").properties()) {
            annotations.put(
                    annotation.getKey(),
                    text(environment, annotation.getValue().asText(), "annotation \"" + annotation.getKey() + "\""));
        }
        labels.put(LABELS + "workflow-event-binding", bindingName);
        annotations.put(ANNOTATION_EVENT, trigger.id());
        ObjectNode spec = workflow.putObject("spec");
        ObjectNode templateRef = spec.putObject("workflowTemplateRef")
                .put("name", ref.path("name").asText());
        if (cluster) {
            templateRef.put("clusterScope", true);
        }
        ArrayNode parameters = spec.putObject("arguments").putArray("parameters");
        for (JsonNode parameter : submit.path("arguments").path("parameters")) {
            parameters
                    .addObject()
                    .put("name", parameter.path("name").asText())
                    .put("value", argument(environment, parameter));
        }
        return workflow;
    }

    private static String argument(TriggerEnvironment environment, JsonNode parameter) throws BadExpression {
        String name = parameter.path("name").asText();
        if (!parameter.path("valueFrom").isObject()) {
            throw new BadExpression("malformed workflow template parameter \"" + name + "\": valueFrom is nil");
        }
        try {
            Object value = environment.evaluate(
                    parameter.path("valueFrom").path("event").asText(""));
            return value == null ? "null" : Expr.toText(value);
        } catch (BadExpression e) {
            throw new BadExpression(
                    "failed to evaluate workflow template parameter \"" + name + "\" expression: " + e.getMessage());
        }
    }

    private static String text(TriggerEnvironment environment, String expression, String what) throws BadExpression {
        Object value;
        try {
            value = environment.evaluate(expression);
        } catch (BadExpression e) {
            throw new BadExpression("failed to evaluate workflow " + what + " expression: " + e.getMessage());
        }
        if (value instanceof String text) {
            return text;
        }
        throw new BadExpression("workflow " + what + " expression must evaluate to a string, not "
                + (value == null ? "nil" : Expr.toText(value)));
    }

    private static String suffix(String seed) {
        byte[] hash;
        try {
            hash = MessageDigest.getInstance("SHA-256").digest(seed.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
        StringBuilder suffix = new StringBuilder();
        for (int i = 0; i < SUFFIX_LENGTH; i++) {
            suffix.append(ALPHABET.charAt((hash[i] & 0xff) % ALPHABET.length()));
        }
        return suffix.toString();
    }
}
