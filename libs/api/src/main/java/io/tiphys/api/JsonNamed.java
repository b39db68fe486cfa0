package io.tiphys.api;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import java.io.IOException;

/** An enum constant with a name of its own in JSON. The constant whose name is empty is left out, as an empty string would be. */
interface JsonNamed {
    String json();

    /** Writes the name. */
    final class Serializer extends StdScalarSerializer<JsonNamed> {
        Serializer() {
            super(JsonNamed.class);
        }

        @Override
        public boolean isEmpty(SerializerProvider provider, JsonNamed value) {
            return value.json().isEmpty();
        }

        @Override
        public void serialize(JsonNamed value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeString(value.json());
        }
    }
}
