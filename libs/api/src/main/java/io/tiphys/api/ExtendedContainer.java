package io.tiphys.api;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.ObjectCodec;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import io.fabric8.kubernetes.api.model.Container;
import java.io.IOException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** JSON of types that are a Kubernetes container with one field more. */
final class ExtendedContainer {
    private ExtendedContainer() {}

    abstract static class Serializer<T> extends StdSerializer<T> {
        private final transient Function<T, Container> container;

        Serializer(Class<T> type, Function<T, Container> container) {
            super(type);
            this.container = container;
        }

        abstract void addOwn(T value, ObjectNode json);

        @Override
        public void serialize(T value, JsonGenerator out, SerializerProvider provider) throws IOException {
            ObjectNode json = ((ObjectMapper) out.getCodec()).valueToTree(container.apply(value));
            addOwn(value, json);
            out.writeTree(json);
        }

        @Override
        public void serializeWithType(T value, JsonGenerator out, SerializerProvider provider, TypeSerializer type)
                throws IOException {
            serialize(value, out, provider);
        }
    }

    abstract static class Deserializer<T> extends StdDeserializer<T> {
        private final String field;

        Deserializer(Class<T> type, String field) {
            super(type);
            this.field = field;
        }

        abstract T of(Container container, @Nullable JsonNode own);

        @Override
        public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            ObjectCodec codec = parser.getCodec();
            if (!(codec.readTree(parser) instanceof ObjectNode json)) {
                return context.reportInputMismatch(this, "a container must be an object");
            }
            JsonNode own = json.remove(field);
            return of(codec.treeToValue(json, Container.class), own == null || own.isNull() ? null : own);
        }
    }
}
