package io.tiphys.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import java.io.IOException;
import java.math.BigDecimal;

/**
 * Text that a manifest may also write as a number or boolean. Whole numbers keep their digits however many there are;
 * fractions lose what doesn't matter ({@code 1.50} is {@code 1.5}) and never get an exponent. Lists and objects read as
 * empty text, as Argo does.
 */
final class AnyString {
    private AnyString() {}

    static String textOf(double number) {
        return new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
    }

    static final class Deserializer extends StdScalarDeserializer<String> {
        Deserializer() {
            super(String.class);
        }

        @Override
        public String deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            JsonToken token = parser.currentToken();
            return switch (token) {
                case VALUE_STRING, VALUE_NUMBER_INT, VALUE_TRUE, VALUE_FALSE -> parser.getText();
                case VALUE_NUMBER_FLOAT -> textOf(parser.getDoubleValue());
                default -> {
                    parser.skipChildren();
                    yield "";
                }
            };
        }
    }
}
