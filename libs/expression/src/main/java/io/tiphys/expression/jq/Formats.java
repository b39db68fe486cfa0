package io.tiphys.expression.jq;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** {@code @base64} and its like. */
final class Formats {
    private Formats() {}

    static String apply(String format, @Nullable Object value) {
        return switch (format) {
            case "@text" -> text(value);
            case "@json" -> Json.write(value);
            case "@base64" -> Base64.getEncoder().encodeToString(text(value).getBytes(StandardCharsets.UTF_8));
            case "@base64d" -> decoded(text(value));
            case "@html" -> html(text(value));
            case "@uri" -> uri(text(value));
            case "@csv" -> row(value, ",", "@csv");
            case "@tsv" -> row(value, "\t", "@tsv");
            case "@sh" -> shell(value);
            default -> throw new JqError("format not defined: " + format);
        };
    }

    static String text(@Nullable Object value) {
        return value instanceof String text ? text : Json.write(value);
    }

    private static String decoded(String text) {
        try {
            return new String(Base64.getDecoder().decode(text.replaceAll("=+$", "")), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new JqError("@base64d cannot be applied to: " + Json.described(text));
        }
    }

    private static String html(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("'", "&apos;")
                .replace("\"", "&quot;");
    }

    private static String uri(String text) {
        StringBuilder out = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            if (c < 0x80 && (Character.isLetterOrDigit(c) || "-_.~".indexOf(c) >= 0)) {
                out.append(c);
            } else {
                out.append(String.format("%%%02X", b & 0xFF));
            }
        }
        return out.toString();
    }

    private static String row(@Nullable Object value, String separator, String format) {
        StringJoiner row = new StringJoiner(separator);
        for (Object cell : Json.list(value, format + " cannot be applied to")) {
            row.add(
                    switch (cell) {
                        case null -> "";
                        case Boolean bool -> bool.toString();
                        case Double number -> Json.write(number);
                        case String text when separator.equals(",") -> '"' + text.replace("\"", "\"\"") + '"';
                        case String text ->
                            text.replace("\\", "\\\\")
                                    .replace("\t", "\\t")
                                    .replace("\n", "\\n")
                                    .replace("\r", "\\r");
                        default -> throw new JqError(format + " cannot be applied to: " + Json.described(value));
                    });
        }
        return row.toString();
    }

    private static String shell(@Nullable Object value) {
        if (value instanceof List<?> list) {
            StringJoiner words = new StringJoiner(" ");
            list.forEach(element -> words.add(shellWord(element)));
            return words.toString();
        }
        return shellWord(value);
    }

    private static String shellWord(@Nullable Object value) {
        if (value instanceof List<?> || value instanceof java.util.Map<?, ?>) {
            throw new JqError("@sh cannot be applied to: " + Json.described(value));
        }
        return value instanceof String text ? "'" + text.replace("'", "'\\''") + "'" : Json.write(value);
    }
}
