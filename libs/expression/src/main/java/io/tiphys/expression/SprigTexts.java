package io.tiphys.expression;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** The functions of sprig on texts; the text comes last, so that they read well in pipes of Go templates. */
final class SprigTexts {
    private SprigTexts() {}

    static void register(Map<String, Function> functions) {
        plain(functions);
        shapes(functions);
        lists(functions);
        paths(functions);
    }

    private static void plain(Map<String, Function> functions) {
        functions.put("trim", a -> a.expect(1).text(0).strip());
        functions.put("upper", a -> a.expect(1).text(0).toUpperCase(Locale.ROOT));
        functions.put("lower", a -> a.expect(1).text(0).toLowerCase(Locale.ROOT));
        functions.put("trimAll", a -> Texts.trim(a.expect(2).text(1), a.text(0)));
        functions.put("trimall", a -> Texts.trim(a.expect(2).text(1), a.text(0)));
        functions.put("trimSuffix", a -> Texts.trimSuffix(a.expect(2).text(1), a.text(0)));
        functions.put("trimPrefix", a -> Texts.trimPrefix(a.expect(2).text(1), a.text(0)));
        functions.put("nospace", a -> a.expect(1).text(0).replaceAll("\\s", ""));
        functions.put("contains", a -> a.expect(2).text(1).contains(a.text(0)));
        functions.put("hasPrefix", a -> a.expect(2).text(1).startsWith(a.text(0)));
        functions.put("hasSuffix", a -> a.expect(2).text(1).endsWith(a.text(0)));
        functions.put("replace", a -> Texts.replace(a.expect(3).text(2), a.text(0), a.text(1), -1, a.budget()));
        functions.put("repeat", a -> Texts.repeat(a.expect(2).text(1), a.integer(0), a.budget()));
        functions.put("plural", a -> a.expect(3).integer(2) == 1 ? a.text(0) : a.text(1));
        functions.put("toString", a -> GoFormat.show(a.expect(1).get(0)));
        functions.put("quote", a -> quoted(a, true));
        functions.put("squote", a -> quoted(a, false));
        functions.put("cat", SprigTexts::cat);
        functions.put("hello", _ -> "Hello!");
    }

    private static void shapes(Map<String, Function> functions) {
        functions.put("title", a -> words(a.expect(1).text(0), Character::toTitleCase));
        functions.put("untitle", a -> words(a.expect(1).text(0), Character::toLowerCase));
        functions.put("trunc", a -> truncate(a.expect(2).text(1), a.count(0)));
        functions.put("abbrev", a -> abbreviate(a.expect(2).text(1), a.count(0)));
        functions.put("substr", a -> substring(a.expect(3).text(2), a.count(0), a.count(1)));
        functions.put("indent", a -> indent(a, ""));
        functions.put("nindent", a -> indent(a, "\n"));
        functions.put("wrap", a -> wrapped(a.expect(2).text(1), a.count(0), "\n", false));
        functions.put("wrapWith", a -> wrapped(a.expect(3).text(2), a.count(0), a.text(1), true));
        functions.put("initials", a -> initials(a.expect(1).text(0)));
        functions.put("swapcase", a -> swapCase(a.expect(1).text(0)));
        functions.put("snakecase", a -> separated(a.expect(1).text(0), '_'));
        functions.put("kebabcase", a -> separated(a.expect(1).text(0), '-'));
        functions.put("camelcase", a -> pascal(a.expect(1).text(0)));
    }

    private static void lists(Map<String, Function> functions) {
        functions.put("join", a -> Texts.join(texts(a.expect(2).get(1)), a.text(0), a.budget()));
        functions.put("toStrings", a -> texts(a.expect(1).get(0)));
        functions.put(
                "sortAlpha", a -> texts(a.expect(1).get(0)).stream().sorted().toList());
        functions.put("splitList", a -> Texts.split(a.expect(2).text(1), a.text(0), -1, false, a.budget()));
        functions.put("split", a -> numbered(Texts.split(a.expect(2).text(1), a.text(0), -1, false, a.budget())));
        functions.put(
                "splitn", a -> numbered(Texts.split(a.expect(3).text(2), a.text(0), a.count(1), false, a.budget())));
    }

    private static void paths(Map<String, Function> functions) {
        for (String prefix : List.of("", "os")) {
            functions.put(pathName(prefix, "base"), a -> Paths.base(a.expect(1).text(0)));
            functions.put(pathName(prefix, "dir"), a -> Paths.dir(a.expect(1).text(0)));
            functions.put(
                    pathName(prefix, "clean"), a -> Paths.clean(a.expect(1).text(0)));
            functions.put(
                    pathName(prefix, "ext"), a -> Paths.extension(a.expect(1).text(0)));
            functions.put(pathName(prefix, "isAbs"), a -> a.expect(1).text(0).startsWith("/"));
        }
    }

    private static String pathName(String prefix, String name) {
        return prefix.isEmpty() ? name : prefix + Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }

    private static String quoted(Arguments arguments, boolean asGo) {
        StringJoiner out = new StringJoiner(" ");
        for (Object value : arguments.all()) {
            if (value == null) {
                continue;
            }
            StringBuilder text = new StringBuilder();
            JsonText.escape(GoFormat.show(value), text);
            out.add(asGo ? "\"" + text + "\"" : "'" + GoFormat.show(value) + "'");
        }
        return out.toString();
    }

    private static String cat(Arguments arguments) {
        StringJoiner out = new StringJoiner(" ");
        for (Object value : arguments.all()) {
            if (value != null) {
                out.add(GoFormat.show(value));
            }
        }
        return out.toString().strip();
    }

    /** Changes the first letter of every word. */
    private static String words(String text, java.util.function.IntUnaryOperator change) {
        StringBuilder out = new StringBuilder(text.length());
        boolean start = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            out.append(start ? (char) change.applyAsInt(c) : c);
            start = Character.isWhitespace(c);
        }
        return out.toString();
    }

    private static String truncate(String text, int count) {
        if (count < 0 && text.length() + count > 0) {
            return text.substring(text.length() + count);
        }
        return count >= 0 && text.length() > count ? text.substring(0, count) : text;
    }

    private static String abbreviate(String text, int width) {
        return width < 4 || text.length() <= width ? text : text.substring(0, width - 3) + "...";
    }

    private static String substring(String text, int start, int end) {
        try {
            if (start < 0) {
                return text.substring(0, end);
            }
            return end < 0 || end > text.length() ? text.substring(start) : text.substring(start, end);
        } catch (IndexOutOfBoundsException e) {
            throw new ExprProblem("slice bounds out of range [" + start + ":" + end + "] with length " + text.length());
        }
    }

    private static String indent(Arguments arguments, String lead) {
        String pad = Texts.repeat(" ", arguments.expect(2).integer(0), arguments.budget());
        return lead + pad + Texts.replace(arguments.text(1), "\n", "\n" + pad, -1, arguments.budget());
    }

    private static String initials(String text) {
        StringBuilder out = new StringBuilder();
        for (String word : text.strip().split("\\s+", -1)) {
            out.append(word.isEmpty() ? "" : word.substring(0, 1));
        }
        return out.toString();
    }

    private static String swapCase(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            out.append(Character.isUpperCase(c) ? Character.toLowerCase(c) : Character.toUpperCase(c));
        }
        return out.toString();
    }

    private static String separated(String text, char separator) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean wordStart = Character.isUpperCase(c)
                    && i > 0
                    && (Character.isLowerCase(text.charAt(i - 1))
                            || (Character.isUpperCase(text.charAt(i - 1))
                                    && i + 1 < text.length()
                                    && Character.isLowerCase(text.charAt(i + 1))));
            if (c == ' ' || c == '-' || c == '_') {
                out.append(separator);
            } else {
                out.append(wordStart ? String.valueOf(separator) : "").append(Character.toLowerCase(c));
            }
        }
        return out.toString();
    }

    private static String pascal(String text) {
        StringBuilder out = new StringBuilder();
        boolean start = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ' ' || c == '-' || c == '_') {
                start = true;
            } else {
                out.append(start ? Character.toUpperCase(c) : c);
                start = false;
            }
        }
        return out.toString();
    }

    static List<String> texts(@Nullable Object value) {
        return switch (value) {
            case null -> List.of();
            case List<?> list ->
                list.stream().filter(Objects::nonNull).map(GoFormat::show).toList();
            default -> List.of(GoFormat.show(value));
        };
    }

    private static Map<String, @Nullable Object> numbered(List<@Nullable Object> parts) {
        Map<String, @Nullable Object> numbered = new LinkedHashMap<>();
        for (int i = 0; i < parts.size(); i++) {
            numbered.put("_" + i, parts.get(i));
        }
        return numbered;
    }

    private static String wrapped(String text, int length, String separator, boolean longWords) {
        int width = Math.max(1, length);
        String newLine = separator.isEmpty() ? "\n" : separator;
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (text.length() - at > width) {
            if (text.charAt(at) == ' ') {
                at++;
                continue;
            }
            int space = text.lastIndexOf(' ', at + width);
            if (space < at && longWords) {
                out.append(text, at, at + width).append(newLine);
                at += width;
                continue;
            }
            space = space < at ? text.indexOf(' ', at + width) : space;
            if (space < 0) {
                break;
            }
            out.append(text, at, space).append(newLine);
            at = space + 1;
        }
        return out.append(text.substring(at)).toString();
    }
}
