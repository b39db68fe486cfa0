package io.tiphys.expression.jq;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads terms with what may follow them: {@code .a[0]?}. */
final class TermParser {
    private final JqParser in;

    TermParser(JqParser in) {
        this.in = in;
    }

    Filter postfix() throws JqException {
        in.enter();
        try {
            return suffixes(term());
        } finally {
            in.leave();
        }
    }

    private Filter suffixes(Filter term) throws JqException {
        Filter left = term;
        while (true) {
            if (in.peek("?//")) {
                return left;
            }
            if (in.take("?")) {
                left = Filters.attempt(left, null);
            } else if (in.peek("[")) {
                left = brackets(left);
            } else if (in.peek(".") && !in.peek("..")) {
                in.take(".");
                left = in.peek("[") ? brackets(left) : Filters.index(left, fieldName());
            } else {
                return left;
            }
        }
    }

    private Filter fieldName() throws JqException {
        return in.peek("\"") ? string("") : Filters.constant(in.name());
    }

    private Filter brackets(Filter left) throws JqException {
        in.expect("[");
        if (in.take("]")) {
            return Filters.each(left);
        }
        if (in.take(":")) {
            Filter to = in.pipe();
            in.expect("]");
            return Filters.slice(left, null, to);
        }
        Filter key = in.pipe();
        if (in.take(":")) {
            Filter to = in.peek("]") ? null : in.pipe();
            in.expect("]");
            return Filters.slice(left, key, to);
        }
        in.expect("]");
        return Filters.index(left, key);
    }

    private Filter term() throws JqException {
        in.space();
        if (in.at >= in.source.length()) {
            throw in.unexpected();
        }
        char c = in.source.charAt(in.at);
        if (in.take("..")) {
            return Filters.call("recurse/0", List.of());
        }
        if (c == '.') {
            return dot();
        }
        if (Character.isDigit(c)) {
            return Filters.constant(in.number());
        }
        return switch (c) {
            case '"' -> string("");
            case '(' -> {
                in.at++;
                yield closed(in.pipe(), ")");
            }
            case '[' -> {
                in.at++;
                yield in.take("]") ? Filters.constant(List.of()) : Filters.collect(closed(in.pipe(), "]"));
            }
            case '{' -> object();
            case '-' -> {
                in.at++;
                yield Filters.negate(postfix());
            }
            case '$' -> {
                String name = in.variable();
                yield name.equals("__loc__")
                        ? Filters.constant(java.util.Map.of("file", "<top-level>", "line", 1.0))
                        : Filters.variable(name);
            }
            case '@' -> {
                in.at++;
                String format = "@" + in.name();
                yield in.peek("\"") ? string(format) : Filters.format(format);
            }
            default -> word();
        };
    }

    private Filter closed(Filter inner, String bracket) throws JqException {
        in.expect(bracket);
        return inner;
    }

    private Filter dot() throws JqException {
        if (in.source.startsWith("[", in.at + 1)) {
            in.at++;
            return brackets(Filters.IDENTITY);
        }
        in.at++;
        boolean named = in.at < in.source.length()
                && (in.source.charAt(in.at) == '"' || JqReader.startsWord(in.source.charAt(in.at)));
        if (in.at < in.source.length() && Character.isDigit(in.source.charAt(in.at))) {
            in.at--;
            return Filters.constant(in.number());
        }
        return named ? Filters.index(Filters.IDENTITY, fieldName()) : Filters.IDENTITY;
    }

    private Filter word() throws JqException {
        String word = in.peekWord();
        if (word.equals("def")) {
            JqParser.Definition definition = in.definition();
            return Filters.define(definition.key(), definition.parameters(), definition.body(), in.pipe());
        }
        if (word.isEmpty()) {
            throw in.unexpected();
        }
        int start = in.at;
        in.name();
        return switch (word) {
            case "if" -> conditional();
            case "try" -> {
                Filter body = postfix();
                yield Filters.attempt(body, in.takeWord("catch") ? postfix() : Filters.EMPTY);
            }
            case "reduce" -> loop(true);
            case "foreach" -> loop(false);
            case "null" -> Filters.constant(null);
            case "true", "false" -> Filters.constant(word.equals("true"));
            case "break" -> Filters.leave(in.variable());
            default -> {
                if (JqReader.KEYWORDS.contains(word)) {
                    in.at = start;
                    throw in.unexpected();
                }
                yield call(word);
            }
        };
    }

    private Filter call(String name) throws JqException {
        List<Filter> arguments = new ArrayList<>();
        if (in.take("(")) {
            do {
                arguments.add(in.pipe());
            } while (in.take(";"));
            in.expect(")");
        }
        return Filters.call(name + "/" + arguments.size(), arguments);
    }

    private Filter conditional() throws JqException {
        Filter condition = in.pipe();
        in.expectWord("then");
        Filter then = in.pipe();
        Filter otherwise = Filters.IDENTITY;
        if (in.takeWord("elif")) {
            return Filters.conditional(condition, then, conditional());
        }
        if (in.takeWord("else")) {
            otherwise = in.pipe();
        }
        in.expectWord("end");
        return Filters.conditional(condition, then, otherwise);
    }

    private Filter loop(boolean reduce) throws JqException {
        Filter over = postfix();
        in.expectWord("as");
        String variable = in.variable();
        in.expect("(");
        Filter start = in.pipe();
        in.expect(";");
        Filter update = in.pipe();
        Filter extract = !reduce && in.take(";") ? in.pipe() : null;
        in.expect(")");
        return reduce
                ? Filters.reduce(over, variable, start, update)
                : Filters.foreach(over, variable, start, update, extract);
    }

    private Filter object() throws JqException {
        in.expect("{");
        List<Filter> keys = new ArrayList<>();
        List<Filter> values = new ArrayList<>();
        while (!in.take("}")) {
            if (!keys.isEmpty()) {
                in.expect(",");
                if (in.take("}")) {
                    break;
                }
            }
            entry(keys, values);
        }
        return Filters.object(keys, values);
    }

    private void entry(List<Filter> keys, List<Filter> values) throws JqException {
        Filter ifAlone = null;
        in.space();
        if (in.at >= in.source.length()) {
            throw in.unexpected();
        }
        if (in.peek("$")) {
            String name = in.variable();
            keys.add(Filters.constant(name));
            ifAlone = Filters.variable(name);
        } else if (in.take("(")) {
            keys.add(in.pipe());
            in.expect(")");
        } else {
            boolean format = in.take("@");
            Filter key = format
                    ? string("@" + in.name())
                    : in.peek("\"")
                            ? string("")
                            : Character.isDigit(in.source.charAt(in.at))
                                    ? Filters.constant(Json.write(in.number()))
                                    : Filters.constant(in.name());
            keys.add(key);
            ifAlone = Filters.index(Filters.IDENTITY, key);
        }
        if (in.take(":")) {
            values.add(objectValue());
        } else if (ifAlone != null) {
            values.add(ifAlone);
        } else {
            throw in.unexpected();
        }
    }

    private Filter objectValue() throws JqException {
        Filter left = postfix();
        while (in.take("|")) {
            left = Filters.pipe(left, postfix());
        }
        return left;
    }

    /** A string with what is interpolated, each piece written in the format. */
    Filter string(String format) throws JqException {
        in.expect("\"");
        List<Filter> pieces = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        while (true) {
            if (in.at >= in.source.length()) {
                throw new JqException("a string is not closed in the filter: " + in.source);
            }
            char c = in.source.charAt(in.at++);
            if (c == '"') {
                break;
            }
            if (c != '\\') {
                text.append(c);
            } else if (in.source.startsWith("(", in.at)) {
                in.at++;
                pieces.add(Filters.constant(text.toString()));
                text.setLength(0);
                Filter inner = in.pipe();
                in.expect(")");
                pieces.add(Filters.pipe(inner, Filters.format(format.isEmpty() ? "@text" : format)));
            } else {
                escape(text);
            }
        }
        if (pieces.isEmpty()) {
            return Filters.constant(text.toString());
        }
        pieces.add(Filters.constant(text.toString()));
        Filter all = pieces.getFirst();
        for (Filter piece : pieces.subList(1, pieces.size())) {
            all = Filters.binary("+", all, piece);
        }
        return all;
    }

    private void escape(StringBuilder text) throws JqException {
        char c = in.at < in.source.length() ? in.source.charAt(in.at++) : ' ';
        @Nullable
        Character plain = switch (c) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case '"', '\\', '/' -> c;
            default -> null;
        };
        if (plain != null) {
            text.append(plain.charValue());
        } else if (c == 'u' && in.source.substring(in.at).matches("(?s)[0-9a-fA-F]{4}.*")) {
            text.append((char) Integer.parseInt(in.source.substring(in.at, in.at + 4), 16));
            in.at += 4;
        } else {
            throw new JqException("no escape: \\" + c);
        }
    }
}
