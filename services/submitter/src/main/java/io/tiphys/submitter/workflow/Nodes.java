package io.tiphys.submitter.workflow;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonSerializable;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import io.tiphys.api.ApiJson;
import io.tiphys.api.NodeStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;

/** A workflow's nodes, which need not be in memory at once. Written as JSON they are an object that has them by their ids, as in a status. */
interface Nodes extends JsonSerializable {

    /** Shows each node, each time that it is called. */
    void forEach(Consumer<NodeStatus> taker);

    @Override
    default void serialize(JsonGenerator generator, SerializerProvider provider) throws IOException {
        generator.writeStartObject();
        forEach(node -> {
            try {
                generator.writeFieldName(node.id());
                ApiJson.mapper().writeValue(generator, node);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        generator.writeEndObject();
    }

    @Override
    default void serializeWithType(JsonGenerator generator, SerializerProvider provider, TypeSerializer type)
            throws IOException {
        serialize(generator, provider);
    }
}
