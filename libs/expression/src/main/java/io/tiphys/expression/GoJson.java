package io.tiphys.expression;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** JSON as Go's {@code encoding/json} reads and writes it: keys sorted, all numbers floats when read, {@code < > &} escaped. */
public final class GoJson {
    private static final JsonMapper MAPPER = new JsonMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(500)
                    .maxStringLength(64 << 20)
                    .build())
            .build());

    private GoJson() {}

    /** The value as JSON without white space. */
    public static String compact(@Nullable Object value) {
        return new Writer("", true).write(value);
    }

    /** As {@link #compact}, but with {@code < > &} as they are. */
    public static String unescaped(@Nullable Object value) {
        return raw(value);
    }

    static String indented(@Nullable Object value) {
        return new Writer("  ", true).write(value);
    }

    static String raw(@Nullable Object value) {
        return new Writer("", false).write(value);
    }

    /** The value of a JSON text; ExprProblem where it is none. */
    public static @Nullable Object parse(String json) {
        try {
            JsonNode node = MAPPER.reader()
                    .with(com.fasterxml.jackson.databind.DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .readTree(json);
            if (node == null || node.isMissingNode()) {
                throw new ExprProblem("unexpected end of JSON input");
            }
            return value(node);
        } catch (JsonProcessingException e) {
            throw new ExprProblem("not JSON: " + e.getOriginalMessage());
        }
    }

    /** The value of a tree that Jackson read. */
    public static @Nullable Object value(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING -> node.textValue();
            case NUMBER -> node.doubleValue();
            case BOOLEAN -> node.booleanValue();
            case ARRAY -> {
                List<@Nullable Object> list = new ArrayList<>(node.size());
                node.forEach(element -> list.add(value(element)));
                yield list;
            }
            case OBJECT -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                node.properties().forEach(entry -> map.put(entry.getKey(), value(entry.getValue())));
                yield map;
            }
            case NULL, MISSING, BINARY, POJO -> null;
        };
    }

    private static final class Writer {
        private final StringBuilder out = new StringBuilder();
        private final String indent;
        private final boolean escapeHtml;
        private int depth;

        Writer(String indent, boolean escapeHtml) {
            this.indent = indent;
            this.escapeHtml = escapeHtml;
        }

        String write(@Nullable Object value) {
            put(value);
            return out.toString();
        }

        private void put(@Nullable Object value) {
            switch (value) {
                case null -> out.append("null");
                case String text -> string(text);
                case Boolean bool -> out.append(bool);
                case Double number -> out.append(GoNumbers.json(number));
                case Number number -> out.append(number.longValue());
                case List<?> list -> list(list);
                case AnyKeyedMap<?, ?> _ ->
                    throw new ExprProblem("json: unsupported type: map[interface {}]interface {}");
                case Map<?, ?> map -> map(map);
                case ZonedDateTime time -> string(DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time));
                case SemanticVersion version -> string(version.toString());
                case Duration duration -> out.append(duration.toNanos());
                default -> throw new ExprProblem("json: unsupported type: " + Values.typeName(value));
            }
        }

        private void list(List<?> list) {
            out.append('[');
            depth++;
            String separator = "";
            for (Object element : list) {
                out.append(separator);
                line();
                put(element);
                separator = ",";
            }
            depth--;
            if (!list.isEmpty()) {
                line();
            }
            out.append(']');
        }

        private void map(Map<?, ?> map) {
            Map<String, @Nullable Object> sorted = new TreeMap<>();
            map.forEach((key, value) -> sorted.put(GoFormat.show(key), value));
            out.append('{');
            depth++;
            String separator = "";
            for (Map.Entry<String, @Nullable Object> entry : sorted.entrySet()) {
                out.append(separator);
                line();
                string(entry.getKey());
                out.append(indent.isEmpty() ? ":" : ": ");
                put(entry.getValue());
                separator = ",";
            }
            depth--;
            if (!map.isEmpty()) {
                line();
            }
            out.append('}');
        }

        private void line() {
            if (!indent.isEmpty()) {
                out.append('\n').repeat(indent, depth);
            }
        }

        private void string(String text) {
            out.append('"');
            int start = out.length();
            JsonText.escape(text, out);
            if (escapeHtml) {
                escapeHtmlFrom(start);
            }
            out.append('"');
        }

        private void escapeHtmlFrom(int start) {
            for (int i = start; i < out.length(); i++) {
                String escaped = switch (out.charAt(i)) {
                    case '<' -> "\\u003c";
                    case '>' -> "\\u003e";
                    case '&' -> "\\u0026";
                    case '\u2028' -> "\\u2028";
                    case '\u2029' -> "\\u2029";
                    default -> "";
                };
                if (!escaped.isEmpty()) {
                    out.replace(i, i + 1, escaped);
                    i += escaped.length() - 1;
                }
            }
        }
    }
}
