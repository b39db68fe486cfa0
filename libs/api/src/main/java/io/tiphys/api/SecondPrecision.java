package io.tiphys.api;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Writes a time as Kubernetes does: UTC, whole seconds, {@code 2026-01-31T09:30:00Z}. */
final class SecondPrecision extends StdScalarSerializer<Instant> {
    SecondPrecision() {
        super(Instant.class);
    }

    @Override
    public void serialize(Instant time, JsonGenerator out, SerializerProvider provider) throws IOException {
        out.writeString(time.truncatedTo(ChronoUnit.SECONDS).toString());
    }

    /** Reads a time with or without fractions and with any offset, without needing a module in the mapper. */
    static final class Deserializer extends com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer<Instant> {
        Deserializer() {
            super(Instant.class);
        }

        @Override
        public Instant deserialize(
                com.fasterxml.jackson.core.JsonParser parser,
                com.fasterxml.jackson.databind.DeserializationContext context)
                throws IOException {
            String text = parser.getText();
            try {
                return java.time.OffsetDateTime.parse(text).toInstant();
            } catch (java.time.format.DateTimeParseException e) {
                return (Instant) context.handleWeirdStringValue(
                        Instant.class, text, "not an RFC 3339 time, such as 2026-01-31T09:30:00Z");
            }
        }
    }
}
