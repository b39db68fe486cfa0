package io.tiphys.submitter.workflow;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A workflow on its way to a reader. To be written, or looked through, once.
 *
 * @param workflow all of it but the nodes, where those come separately
 * @param nodes what is to become {@code status.nodes}, null if the workflow is complete as it is
 */
public record HydratedStream(ObjectNode workflow, @Nullable NodesAsJson nodes) {

    /** One that is as it is to be shown. */
    static HydratedStream of(ObjectNode workflow) {
        return new HydratedStream(workflow, null);
    }

    /** Writes the workflow, the nodes piece by piece. What breaks off on the way stays visibly cut off. */
    public void write(ObjectMapper json, OutputStream out) throws IOException {
        try (JsonGenerator generator =
                json.createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT)) {
            write(json, generator);
        }
    }

    /** The same as the generator's next value. */
    public void write(ObjectMapper json, JsonGenerator generator) throws IOException {
        try (NodesAsJson in = nodes) {
            if (in == null) {
                json.writeTree(generator, workflow);
                return;
            }
            ObjectNode status = workflow.remove("status") instanceof ObjectNode present
                    ? present
                    : JsonNodeFactory.instance.objectNode();
            generator.writeStartObject();
            for (var field : workflow.properties()) {
                generator.writePOJOField(field.getKey(), field.getValue());
            }
            generator.writeObjectFieldStart("status");
            for (var field : status.properties()) {
                generator.writePOJOField(field.getKey(), field.getValue());
            }
            generator.writeFieldName("nodes");
            copy(json, in, generator);
            generator.writeEndObject();
            generator.writeEndObject();
        }
    }

    /**
     * The workflow in memory, of its nodes only those that are wanted: the others are read one at a time and forgotten.
     *
     * @param wanted is asked with a node's id and the node
     */
    ObjectNode only(ObjectMapper json, BiPredicate<String, JsonNode> wanted) throws IOException {
        ObjectNode kept = JsonNodeFactory.instance.objectNode();
        try (NodesAsJson in = nodes) {
            if (in == null) {
                workflow.path("status").path("nodes").properties().forEach(node -> {
                    if (wanted.test(node.getKey(), node.getValue())) {
                        kept.set(node.getKey(), node.getValue());
                    }
                });
            } else {
                keep(json, in, wanted, kept);
            }
        }
        if (!kept.isEmpty() || workflow.path("status").has("nodes")) {
            workflow.withObject("/status").set("nodes", kept);
        }
        return workflow;
    }

    private static void keep(ObjectMapper json, NodesAsJson in, BiPredicate<String, JsonNode> wanted, ObjectNode kept)
            throws IOException {
        try (JsonParser parser = in.parser(json)) {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String id = parser.currentName();
                parser.nextToken();
                JsonNode node = json.readTree(parser);
                if (wanted.test(id, node)) {
                    kept.set(id, node);
                }
            }
        }
    }

    private static void copy(ObjectMapper json, NodesAsJson in, JsonGenerator generator) throws IOException {
        try (JsonParser parser = in.parser(json)) {
            generator.copyCurrentStructure(parser);
        }
    }
}
