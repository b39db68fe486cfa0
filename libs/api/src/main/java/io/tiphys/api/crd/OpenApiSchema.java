package io.tiphys.api.crd;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.api.shape.Shape;
import java.util.Set;

/**
 * Structural schemas from shapes. They help {@code kubectl explain} and catch wrong types at the door, but are no wall: every
 * object keeps unknown fields (validation reports them), every value may be null, and what is free-form, deep or written often
 * (status, Kubernetes' own types, templates within templates) is left open. That keeps the definitions small enough for
 * {@code kubectl apply} and the API server's work small.
 */
final class OpenApiSchema {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String PRESERVE = "x-kubernetes-preserve-unknown-fields";
    /** As one value, or the server notes for each field of each node who wrote it: more bytes and work than the nodes themselves. */
    private static final String MAP_TYPE = "x-kubernetes-map-type";

    private static final String OWN_PACKAGE = "io.tiphys.api";

    /** Fields whose schema stays open, wherever they are. */
    private static final Set<String> OPEN = Set.of(
            "inline",
            "templateDefaults",
            "podSpecPatch",
            "archiveLocation",
            "executorPlugins",
            "s3",
            "oss",
            "gcs",
            "azure",
            "hdfs",
            "git",
            "http",
            "artifactory");

    private OpenApiSchema() {}

    /** The schema of a kind. */
    static ObjectNode ofKind(Class<?> kind) {
        ObjectNode schema = JSON.objectNode().put("type", "object");
        schema.putArray("required").add("metadata").add("spec");
        ObjectNode properties = schema.putObject("properties");
        new Shape.ObjectOf(kind).fields().forEach((name, shape) -> properties.set(name, ofTopField(name, shape)));
        return schema;
    }

    private static ObjectNode ofTopField(String name, Shape shape) {
        return switch (name) {
            case "apiVersion", "kind" -> JSON.objectNode().put("type", "string");
            case "metadata" -> JSON.objectNode().put("type", "object");
            case "status" -> open().put("type", "object").put(MAP_TYPE, "atomic");
            default -> of(name, shape).without(Set.of("nullable"));
        };
    }

    private static ObjectNode open() {
        return JSON.objectNode().put(PRESERVE, true);
    }

    private static ObjectNode of(String name, Shape shape) {
        return switch (shape) {
            case Shape.ObjectOf object when !isExpanded(name, object) -> nullable(open().put("type", "object"));
            case Shape.ObjectOf object -> ofFields(object);
            case Shape.MapOf(var value) -> {
                ObjectNode map = JSON.objectNode().put("type", "object");
                map.set("additionalProperties", of(name, value));
                yield nullable(map);
            }
            case Shape.ListOf(var item) -> {
                ObjectNode list = JSON.objectNode().put("type", "array");
                list.set("items", of(name, item));
                yield nullable(list);
            }
            case Shape.Value value -> ofValue(value);
        };
    }

    private static boolean isExpanded(String name, Shape.ObjectOf object) {
        return object.type().getPackageName().equals(OWN_PACKAGE) && !OPEN.contains(name);
    }

    private static ObjectNode ofFields(Shape.ObjectOf object) {
        ObjectNode schema = open().put("type", "object");
        ObjectNode properties = JSON.objectNode();
        object.fields().forEach((name, shape) -> properties.set(name, of(name, shape)));
        if (!properties.isEmpty()) {
            schema.set("properties", properties);
        }
        return nullable(schema);
    }

    private static ObjectNode ofValue(Shape.Value value) {
        return switch (value) {
            case TEXT, TIME -> nullable(JSON.objectNode().put("type", "string"));
            case BOOLEAN -> nullable(JSON.objectNode().put("type", "boolean"));
            case INTEGER -> nullable(JSON.objectNode().put("type", "integer"));
            case NUMBER -> nullable(JSON.objectNode().put("type", "number"));
            case INTEGER_OR_TEXT -> nullable(JSON.objectNode().put("x-kubernetes-int-or-string", true));
            case ANY_TEXT, QUANTITY, ANYTHING -> open();
        };
    }

    private static ObjectNode nullable(ObjectNode schema) {
        return schema.put("nullable", true);
    }
}
