package io.tiphys.expression.query;

import com.google.re2j.Pattern;
import io.tiphys.expression.query.Condition.Operator;
import io.tiphys.expression.query.Condition.Requirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads label selectors; requirements come in the order of their paths. */
final class ConditionParser {
    private static final int MAX_LENGTH = 100_000;
    /** Without a count of characters, for each of which the pattern's compiler would go one step deeper. */
    private static final Pattern NAME = Pattern.compile("([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]");

    private static final Pattern PREFIX = Pattern.compile("[a-z0-9]([-a-z0-9.]*[a-z0-9])?");
    private static final int MAX_NAME = 63;
    private static final int MAX_PREFIX = 253;

    private final String source;
    private int at;

    ConditionParser(String source) {
        this.source = source;
    }

    List<Requirement> requirements() throws QueryException {
        if (source.length() > MAX_LENGTH) {
            throw new QueryException("the condition is longer than " + MAX_LENGTH + " characters");
        }
        List<Requirement> all = new ArrayList<>();
        if (peek().isEmpty()) {
            return all;
        }
        while (true) {
            all.add(requirement());
            String separator = next();
            if (separator.isEmpty()) {
                all.sort((a, b) -> a.path().compareTo(b.path()));
                return all;
            }
            if (!separator.equals(",")) {
                throw found(separator, "',' or 'end of string'");
            }
            if (!isWord(peek()) && !peek().equals("!")) {
                throw found(peek(), "identifier after ','");
            }
        }
    }

    private Requirement requirement() throws QueryException {
        boolean absent = peek().equals("!");
        if (absent) {
            next();
        }
        String path = next();
        if (!isWord(path)) {
            throw found(path, "identifier");
        }
        checkKey(path);
        String following = peek();
        if (absent || following.isEmpty() || following.equals(",")) {
            return new Requirement(path, absent ? Operator.NOT_EXISTS : Operator.EXISTS, "", Set.of());
        }
        String symbol = next();
        Operator operator = operator(symbol);
        if (operator == null) {
            throw found(symbol, "one of: in, notin, =, ==, !=, gt, lt");
        }
        Set<String> values = symbol.endsWith("in") ? list() : Set.of(exactValue());
        for (String value : values) {
            checkValue(path, value, operator);
        }
        return new Requirement(path, operator, symbol, values);
    }

    private static @Nullable Operator operator(String symbol) {
        return switch (symbol) {
            case "=", "==", "in" -> Operator.IN;
            case "!=", "notin" -> Operator.NOT_IN;
            case ">" -> Operator.MORE;
            case "<" -> Operator.LESS;
            default -> null;
        };
    }

    private Set<String> list() throws QueryException {
        String open = next();
        if (!open.equals("(")) {
            throw found(open, "'('");
        }
        Set<String> values = new TreeSet<>();
        boolean separated = true;
        while (true) {
            String token = next();
            if (token.equals(")")) {
                if (separated) {
                    values.add("");
                }
                return values;
            }
            if (token.equals(",")) {
                if (separated) {
                    values.add("");
                }
                separated = true;
            } else if (separated && (isWord(token) || token.equals("in") || token.equals("notin"))) {
                values.add(token);
                separated = false;
            } else {
                throw found(token, "',', ')' or identifier");
            }
        }
    }

    private String exactValue() throws QueryException {
        String token = peek();
        if (token.isEmpty() || token.equals(",")) {
            return "";
        }
        next();
        if (!isWord(token) && !token.equals("in") && !token.equals("notin")) {
            throw found(token, "identifier");
        }
        return token;
    }

    private static void checkKey(String key) throws QueryException {
        int slash = key.indexOf('/');
        String name = key.substring(slash + 1);
        if (slash > MAX_PREFIX
                || (slash >= 0 && !PREFIX.matcher(key.substring(0, slash)).matches())) {
            throw new QueryException("key: Invalid value: \"" + key + "\": the part before the slash is no DNS name");
        }
        if (name.length() > MAX_NAME || !NAME.matcher(name).matches()) {
            throw new QueryException("key: Invalid value: \"" + key + "\": must be at most " + MAX_NAME
                    + " letters, digits, '-', '_' or '.', and start and end with a letter or digit");
        }
    }

    private static void checkValue(String key, String value, Operator operator) throws QueryException {
        if (operator == Operator.MORE || operator == Operator.LESS) {
            try {
                Long.parseLong(value);
            } catch (NumberFormatException e) {
                throw new QueryException("values[0][" + key + "]: Invalid value: \"" + value
                        + "\": for 'Gt', 'Lt' operators, the value" + " must be an integer");
            }
        }
        if (!value.isEmpty()
                && (value.length() > MAX_NAME || !NAME.matcher(value).matches())) {
            throw new QueryException(
                    "values[0][" + key + "]: Invalid value: \"" + value + "\": must be empty or at most " + MAX_NAME
                            + " letters, digits, '-', '_' or '.', and start and end with a letter or digit");
        }
    }

    private QueryException found(String token, String expected) {
        return new QueryException(
                "unable to parse requirement: found '" + token + "', expected: " + expected + " (in '" + source + "')");
    }

    private static boolean isWord(String token) {
        return !token.isEmpty() && !isSpecial(token.charAt(0)) && !token.equals("in") && !token.equals("notin");
    }

    private String peek() {
        int before = at;
        String token = next();
        at = before;
        return token;
    }

    /** The next word or symbol; "" at the end. */
    private String next() {
        while (at < source.length() && " \t\r\n".indexOf(source.charAt(at)) >= 0) {
            at++;
        }
        int start = at;
        if (at < source.length() && isSpecial(source.charAt(at))) {
            at++;
            if (at < source.length() && List.of("==", "!=").contains(source.substring(start, at + 1))) {
                at++;
            }
        } else {
            while (at < source.length() && !isSpecial(source.charAt(at)) && " \t\r\n".indexOf(source.charAt(at)) < 0) {
                at++;
            }
        }
        return source.substring(start, at);
    }

    private static boolean isSpecial(char c) {
        return "=!(),<>".indexOf(c) >= 0;
    }
}
