package io.tiphys.validation;

import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.api.JsonPaths;
import io.tiphys.api.Template;
import io.tiphys.api.WorkflowStep;
import io.tiphys.api.shape.Shape;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Holds a JSON tree against the shape of its type: unknown fields and values of a wrong type. {@code null} fits everything.
 * Argo doesn't mind unknown fields deeper within a step, so these are warned of only.
 */
final class FieldRules {
    private static final Pattern QUANTITY =
            Pattern.compile("[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]{1,9}|[numkKMGTPE]|[KMGTPE]i)?");

    private final Findings findings;
    private boolean readable = true;
    private int stepsAround;

    private FieldRules(Findings findings) {
        this.findings = findings;
    }

    /** Whether the tree can be read as its type: all values have the right type, though there may be unknown fields. */
    static boolean check(JsonNode tree, Shape shape, Findings findings) {
        var rules = new FieldRules(findings);
        rules.check(tree, shape, "");
        return rules.readable;
    }

    private void check(JsonNode node, Shape shape, String path) {
        if (node.isNull()) {
            return;
        }
        switch (shape) {
            case Shape.ObjectOf object -> {
                if (expect(node.isObject(), node, path, "an object")) {
                    checkFields(node, object, path);
                }
            }
            case Shape.MapOf map -> {
                if (expect(node.isObject(), node, path, "an object")) {
                    node.properties()
                            .forEach(entry ->
                                    check(entry.getValue(), map.value(), JsonPaths.field(path, entry.getKey())));
                }
            }
            case Shape.ListOf list -> {
                if (expect(node.isArray(), node, path, "a list")) {
                    for (int i = 0; i < node.size(); i++) {
                        check(node.get(i), list.item(), JsonPaths.item(path, i));
                    }
                }
            }
            case Shape.Value value -> checkValue(node, value, path);
        }
    }

    private void checkFields(JsonNode node, Shape.ObjectOf object, String path) {
        boolean step = object.type() == WorkflowStep.class;
        JsonNode plugin = node.path("plugin");
        if (object.type() == Template.class && plugin.isObject() && plugin.size() != 1) {
            findings.problem(
                    JsonPaths.field(path, "plugin"),
                    "has " + plugin.size() + " keys, must have exactly one: the plugin's name");
        }
        Map<String, Shape> fields = object.fields();
        boolean lenient = stepsAround > 0 && !step;
        stepsAround += step ? 1 : 0;
        node.properties().forEach(entry -> {
            String fieldPath = JsonPaths.field(path, entry.getKey());
            Shape shape = fields.get(entry.getKey());
            if (shape != null) {
                check(entry.getValue(), shape, fieldPath);
                return;
            }
            Shape readAs = lenient ? ignoringCase(entry.getKey(), fields) : null;
            if (readAs != null) {
                check(entry.getValue(), readAs, fieldPath);
            }
            String message = "unknown field" + Suggestions.of(entry.getKey(), fields.keySet());
            if (lenient) {
                findings.warning(fieldPath, message);
            } else {
                findings.problem(fieldPath, message);
            }
        });
        stepsAround -= step ? 1 : 0;
    }

    /** Argo reads names in steps without minding their case. */
    private static @Nullable Shape ignoringCase(String name, Map<String, Shape> fields) {
        return fields.entrySet().stream()
                .filter(field -> field.getKey().equalsIgnoreCase(name))
                .findFirst()
                .map(Map.Entry::getValue)
                .orElse(null);
    }

    private void checkValue(JsonNode node, Shape.Value value, String path) {
        switch (value) {
            case TEXT, TIME -> expect(node.isTextual(), node, path, "text (in quotes)");
            case BOOLEAN -> expect(node.isBoolean(), node, path, "true or false");
            case INTEGER -> expect(node.isIntegralNumber(), node, path, "a whole number");
            case NUMBER -> expect(node.isNumber(), node, path, "a number");
            case INTEGER_OR_TEXT ->
                expect(node.isIntegralNumber() || node.isTextual(), node, path, "a whole number or text");
            case QUANTITY -> expect(isQuantity(node), node, path, "a quantity such as 100m or 2Gi");
            case ANY_TEXT, ANYTHING -> {
                // whatever it is
            }
        }
    }

    private static boolean isQuantity(JsonNode node) {
        return node.isNumber()
                || (node.isTextual() && QUANTITY.matcher(node.asText()).matches());
    }

    private boolean expect(boolean holds, JsonNode node, String path, String expected) {
        if (!holds) {
            readable = false;
            findings.problem(path, "is " + describe(node) + ", must be " + expected);
        }
        return holds;
    }

    private static String describe(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> "an object";
            case ARRAY -> "a list";
            case STRING -> "the text \"" + Suggestions.shortened(node.asText()) + "\"";
            case NUMBER -> "the number " + node.asText();
            case BOOLEAN -> node.asText();
            case BINARY, MISSING, NULL, POJO -> "nothing";
        };
    }
}
