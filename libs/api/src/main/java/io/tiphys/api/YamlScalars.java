package io.tiphys.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigInteger;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a plain YAML scalar means to Kubernetes' tools: YAML 1.1 as the Go library reads it. Octal is {@code 017} or
 * {@code 0o17}; there are no base-60 numbers; dates stay text.
 */
final class YamlScalars {
    private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");
    private static final Set<String> TRUES =
            Set.of("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON");
    private static final Set<String> FALSES =
            Set.of("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF");
    private static final Pattern INTEGER =
            Pattern.compile("([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))");
    private static final Pattern FLOAT = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private YamlScalars() {}

    static JsonNode plain(String text) {
        if (NULLS.contains(text)) {
            return NODES.nullNode();
        }
        if (TRUES.contains(text)) {
            return NODES.booleanNode(true);
        }
        if (FALSES.contains(text)) {
            return NODES.booleanNode(false);
        }
        JsonNode number = number(text);
        return number == null ? NODES.textNode(text) : number;
    }

    private static @Nullable JsonNode number(String text) {
        char first = text.charAt(0);
        if (!(first >= '0' && first <= '9') && first != '-' && first != '+' && first != '.') {
            return null;
        }
        String digits = text.replace("_", "");
        var integer = INTEGER.matcher(digits);
        if (integer.matches()) {
            return integer(integerOf(integer));
        }
        if (FLOAT.matcher(digits).matches()) {
            double value = Double.parseDouble(digits);
            return value == Math.rint(value) && Math.abs(value) < 1e21 && digits.length() < 22
                    ? integer(new java.math.BigDecimal(digits).toBigInteger())
                    : NODES.numberNode(value);
        }
        return null;
    }

    private static BigInteger integerOf(java.util.regex.Matcher match) {
        int[] radixes = {16, 2, 8, 10};
        for (int i = 0; i < radixes.length; i++) {
            String digits = match.group(i + 2);
            if (digits != null) {
                BigInteger value = new BigInteger(digits, radixes[i]);
                return "-".equals(match.group(1)) ? value.negate() : value;
            }
        }
        throw new IllegalStateException("no digits in " + match.group());
    }

    static JsonNode integer(BigInteger value) {
        if (value.bitLength() < Integer.SIZE) {
            return NODES.numberNode(value.intValue());
        }
        return value.bitLength() < Long.SIZE ? NODES.numberNode(value.longValue()) : NODES.numberNode(value);
    }
}
