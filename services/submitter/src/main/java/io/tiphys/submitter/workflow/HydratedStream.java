package io.tiphys.submitter.workflow;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A workflow on its way to a reader. To be written once.
 *
 * @param workflow all of it but the nodes, where those come separately
 * @param nodes a JSON object that is to become {@code status.nodes}, null if the workflow is complete as it is
 * @param wrapped whether that object is the only field of another one
 */
public record HydratedStream(ObjectNode workflow, @Nullable InputStream nodes, boolean wrapped) {

    /** Writes the workflow, the nodes piece by piece. What breaks off on the way stays visibly cut off. */
    public void write(ObjectMapper json, OutputStream out) throws IOException {
        try (InputStream in = nodes;
                JsonGenerator generator =
                        json.createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT)) {
            if (in == null) {
                generator.writeTree(workflow);
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
            copy(json, in, wrapped, generator);
            generator.writeEndObject();
            generator.writeEndObject();
        }
    }

    private static void copy(ObjectMapper json, InputStream in, boolean wrapped, JsonGenerator generator)
            throws IOException {
        try (JsonParser parser = json.createParser(in)) {
            parser.nextToken();
            if (wrapped) {
                parser.nextToken();
                parser.nextToken();
            }
            if (!parser.isExpectedStartObjectToken()) {
                throw new IOException("nodes are no JSON object");
            }
            generator.copyCurrentStructure(parser);
        }
    }
}
