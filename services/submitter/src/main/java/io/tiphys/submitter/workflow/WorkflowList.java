package io.tiphys.submitter.workflow;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.function.Supplier;

/**
 * A page of workflows on its way to a reader: each is unpacked when it is its turn to be written, so that they are never in memory together.
 * To be written once.
 *
 * @param envelope what the caller sees of the list but for its items, whose place is {@code items}, if they are to be seen
 */
public record WorkflowList(ObjectNode envelope, List<Supplier<HydratedStream>> items) {
    private static final String ITEMS = "items";

    public WorkflowList {
        items = List.copyOf(items);
    }

    /** Writes the page. What breaks off on the way stays visibly cut off. */
    public void write(ObjectMapper json, OutputStream out) throws IOException {
        try (JsonGenerator generator =
                json.createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT)) {
            generator.writeStartObject();
            for (var field : envelope.properties()) {
                if (field.getKey().equals(ITEMS)) {
                    generator.writeArrayFieldStart(ITEMS);
                    for (Supplier<HydratedStream> item : items) {
                        item.get().write(json, generator);
                    }
                    generator.writeEndArray();
                } else {
                    generator.writePOJOField(field.getKey(), field.getValue());
                }
            }
            generator.writeEndObject();
        }
    }
}
