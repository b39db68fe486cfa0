package io.tiphys.expression.query;

import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import io.tiphys.expression.query.PathStep.Constant;
import io.tiphys.expression.query.PathStep.Descent;
import io.tiphys.expression.query.PathStep.Elements;
import io.tiphys.expression.query.PathStep.Field;
import io.tiphys.expression.query.PathStep.Filter;
import io.tiphys.expression.query.PathStep.Range;
import io.tiphys.expression.query.PathStep.Union;
import io.tiphys.expression.query.PathStep.Wildcard;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads kubectl's templates. A piece is a text or what stands between a pair of braces. */
final class PathParser {
    private static final Pattern KEY = Pattern.compile("'([^']*)'");
    private static final Pattern SLICE = Pattern.compile("(-?\\d{0,9})(:-?\\d{0,9})?(:-?\\d{0,9})?");
    private static final Pattern COMPARISON = Pattern.compile("([^!<>=]+)([!<>=]+)(.+)", Pattern.DOTALL);
    private static final int MAX_DEPTH = 50;

    private final String source;
    private final int depth;
    private int at;

    PathParser(String source) {
        this(source, 0);
    }

    private PathParser(String source, int depth) {
        this.source = source;
        this.depth = depth;
    }

    List<List<PathStep>> pieces() throws QueryException {
        if (depth > MAX_DEPTH) {
            throw new QueryException("the path is nested more than " + MAX_DEPTH + " levels deep");
        }
        List<List<PathStep>> pieces = new ArrayList<>();
        while (at < source.length()) {
            int brace = source.indexOf('{', at);
            int end = brace < 0 ? source.length() : brace;
            if (end > at) {
                pieces.add(List.of(new Constant(TextNode.valueOf(source.substring(at, end)))));
            }
            at = end;
            if (brace >= 0) {
                at++;
                pieces.add(action());
            }
        }
        return pieces;
    }

    private List<PathStep> action() throws QueryException {
        List<PathStep> steps = new ArrayList<>();
        while (true) {
            if (at == source.length() || endsLine(source.charAt(at))) {
                throw new QueryException("unclosed action");
            }
            char c = source.charAt(at);
            if (c == '}') {
                at++;
                return steps;
            }
            if (source.startsWith("[?(", at)) {
                steps.add(filter());
            } else if (source.startsWith("..", at)) {
                descent(steps);
            } else if (c == ' ' || c == '@' || c == '$') {
                at++;
            } else if (c == '[') {
                steps.addAll(brackets());
            } else if (c == '"' || c == '\'') {
                steps.add(new Constant(TextNode.valueOf(quoted(c))));
            } else if (c == '.') {
                at++;
                steps.add(field());
            } else if (c == '+' || c == '-' || Character.isDigit(c)) {
                steps.add(number());
            } else if (isWord(c)) {
                steps.add(word());
            } else {
                throw new QueryException(String.format("unrecognized character in action: U+%04X '%c'", (int) c, c));
            }
        }
    }

    private void descent(List<PathStep> steps) throws QueryException {
        if (!steps.isEmpty() && steps.getLast() instanceof Descent) {
            throw new QueryException("invalid multiple recursive descent");
        }
        at += 2;
        steps.add(new Descent());
        if (at < source.length() && isWord(source.charAt(at))) {
            steps.add(field());
        }
    }

    private PathStep field() {
        StringBuilder name = new StringBuilder();
        while (at < source.length() && !ends(source.charAt(at))) {
            char c = source.charAt(at++);
            if (c != '\\') {
                name.append(c);
            } else if (at < source.length()) {
                name.append(source.charAt(at++));
            }
        }
        return name.toString().equals("*") ? new Wildcard() : new Field(name.toString());
    }

    private PathStep number() throws QueryException {
        int start = at++;
        while (at < source.length() && (source.charAt(at) == '.' || Character.isDigit(source.charAt(at)))) {
            at++;
        }
        String text = source.substring(start, at);
        try {
            return new Constant(
                    text.indexOf('.') < 0
                            ? LongNode.valueOf(Long.parseLong(text))
                            : DoubleNode.valueOf(Double.parseDouble(text)));
        } catch (NumberFormatException e) {
            throw new QueryException("cannot parse number " + text);
        }
    }

    private PathStep word() throws QueryException {
        int start = at;
        while (at < source.length() && !ends(source.charAt(at))) {
            at++;
        }
        String word = source.substring(start, at);
        return switch (word) {
            case "true", "false" -> new Constant(BooleanNode.valueOf(word.equals("true")));
            case "range" -> Range.BEGIN;
            case "end" -> Range.END;
            default -> throw new QueryException("unrecognized identifier " + word);
        };
    }

    private List<PathStep> brackets() throws QueryException {
        int close = source.indexOf(']', at);
        if (close < 0 || source.substring(at, close).indexOf('\n') >= 0) {
            throw new QueryException("unterminated array");
        }
        String inside = source.substring(at + 1, close);
        at = close + 1;
        String text = inside.equals("*") ? ":" : inside;
        String[] alternatives = text.split(",", -1);
        if (alternatives.length > 1) {
            List<List<PathStep>> all = new ArrayList<>();
            for (String alternative : alternatives) {
                all.add(inner("[" + alternative.strip() + "]"));
            }
            return List.of(new Union(all));
        }
        Matcher key = KEY.matcher(text);
        if (key.matches()) {
            return inner("." + key.group(1));
        }
        Matcher slice = SLICE.matcher(text);
        if (!slice.matches()) {
            throw new QueryException("invalid array index " + text);
        }
        Integer from = bound(slice.group(1), "");
        String second = slice.group(2);
        Integer to = second == null ? Integer.valueOf(from == null ? 1 : from + 1) : bound(second, ":");
        return List.of(new Elements(from, to, bound(slice.group(3), ":"), second == null));
    }

    private static @Nullable Integer bound(@Nullable String text, String prefix) throws QueryException {
        if (text == null || text.equals(prefix)) {
            return null;
        }
        try {
            return Integer.valueOf(text.substring(prefix.length()));
        } catch (NumberFormatException e) {
            throw new QueryException("array index " + text.substring(prefix.length()) + " is not a number");
        }
    }

    private PathStep filter() throws QueryException {
        int start = at + 3;
        int i = start;
        char quote = 0;
        boolean closed = false;
        for (; ; i++) {
            if (i >= source.length() || source.charAt(i) == '\n') {
                throw new QueryException("unterminated filter");
            }
            char c = source.charAt(i);
            if (c == '"' || c == '\'') {
                if (quote == 0) {
                    quote = c;
                } else if (c == quote && source.charAt(i - 1) != '\\') {
                    closed = true;
                }
            } else if (c == ')' && (quote == 0 || closed)) {
                break;
            }
        }
        if (!source.startsWith("]", i + 1)) {
            throw new QueryException("unclosed array expect ]");
        }
        String text = source.substring(start, i);
        at = i + 2;
        Matcher comparison = COMPARISON.matcher(text);
        return comparison.matches()
                ? new Filter(inner(comparison.group(1)), comparison.group(2), inner(comparison.group(3)))
                : new Filter(inner(text), "", List.of());
    }

    /** A path within a path. */
    private List<PathStep> inner(String path) throws QueryException {
        List<List<PathStep>> pieces = new PathParser("{" + path + "}", depth + 1).pieces();
        return pieces.getFirst();
    }

    private String quoted(char quote) throws QueryException {
        StringBuilder text = new StringBuilder();
        for (at++; at < source.length() && source.charAt(at) != '\n'; at++) {
            char c = source.charAt(at);
            if (c == quote) {
                at++;
                return text.toString();
            }
            if (c != '\\' || at + 1 == source.length()) {
                text.append(c);
                continue;
            }
            char escaped = source.charAt(++at);
            text.append(
                    switch (escaped) {
                        case 'n' -> '\n';
                        case 't' -> '\t';
                        case 'r' -> '\r';
                        case 'a' -> '\u0007';
                        case 'b' -> '\b';
                        case 'f' -> '\f';
                        case 'v' -> '\u000b';
                        case '\\', '"', '\'' -> escaped;
                        default -> throw new QueryException("unquote string error invalid syntax");
                    });
        }
        throw new QueryException("unterminated quoted string");
    }

    private static boolean endsLine(char c) {
        return c == '\r' || c == '\n';
    }

    private static boolean ends(char c) {
        return c == ' ' || c == '\t' || endsLine(c) || ".,[]$@{}".indexOf(c) >= 0;
    }

    private static boolean isWord(char c) {
        return c == '_' || Character.isLetterOrDigit(c);
    }
}
