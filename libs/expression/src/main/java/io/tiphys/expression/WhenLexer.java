package io.tiphys.expression;

import io.tiphys.expression.WhenToken.Kind;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;

/** Cuts a {@code when} condition into tokens, by govaluate's rules. */
final class WhenLexer {
    private static final Set<String> PREFIXES = Set.of("-", "!", "~");
    private static final Set<String> MODIFIERS = Set.of("+", "-", "*", "/", "%", "**", "&", "|", "^", ">>", "<<");
    private static final Set<String> LOGICAL = Set.of("&&", "||");
    private static final Set<String> COMPARATORS = Set.of("==", "!=", ">", ">=", "<", "<=", "=~", "!~");
    private static final Set<String> TERNARY = Set.of("?", ":", "??");
    private static final List<String> TIME_LAYOUTS = List.of(
            "Mon Jan _2 15:04:05 2006",
            "Mon Jan _2 15:04:05 MST 2006",
            "Mon Jan 02 15:04:05 -0700 2006",
            "3:04PM",
            "2006-01-02T15:04:05Z07:00",
            "2006-01-02",
            "2006-01-02 15:04",
            "2006-01-02 15:04:05",
            "2006-01-02 15:04:05-07:00",
            "2006-01-02T15Z0700",
            "2006-01-02T15:04Z0700",
            "2006-01-02T15:04:05Z0700");

    private final String text;
    private final List<WhenToken> tokens = new ArrayList<>();
    private int at;

    private WhenLexer(String text) {
        this.text = text;
    }

    static List<WhenToken> tokens(String text) throws WhenProblem {
        WhenLexer lexer = new WhenLexer(text);
        lexer.run();
        return lexer.tokens;
    }

    private void run() throws WhenProblem {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (Character.isWhitespace(c)) {
                at++;
            } else if (Character.isDigit(c) || c == '.') {
                number();
            } else if (c == ',') {
                single(Kind.SEPARATOR);
            } else if (c == '(') {
                single(Kind.CLAUSE);
            } else if (c == ')') {
                single(Kind.CLAUSE_CLOSE);
            } else if (c == '[') {
                add(Kind.VARIABLE, enclosed(x -> x == ']', "Unclosed parameter bracket"));
            } else if (Character.isLetter(c)) {
                word();
            } else if (isQuote(c)) {
                quoted();
            } else {
                symbol();
            }
        }
    }

    private void add(Kind kind, Object value) {
        tokens.add(new WhenToken(kind, value));
    }

    private void single(Kind kind) {
        add(kind, String.valueOf(text.charAt(at++)));
    }

    private Kind last() {
        return tokens.isEmpty() ? Kind.UNKNOWN : tokens.getLast().kind();
    }

    private void number() throws WhenProblem {
        if (text.startsWith("0x", at)) {
            at += 2;
            String digits = take(c -> Character.digit(c, 16) >= 0);
            try {
                add(Kind.NUMERIC, (double) Long.parseUnsignedLong(digits, 16));
            } catch (NumberFormatException e) {
                throw new WhenProblem("Unable to parse hex value '" + digits + "' to uint64\n");
            }
            return;
        }
        String digits = take(c -> Character.isDigit(c) || c == '.');
        try {
            add(Kind.NUMERIC, Double.parseDouble(digits));
        } catch (NumberFormatException e) {
            throw new WhenProblem("Unable to parse numeric value '" + digits + "' to float64\n");
        }
    }

    private void word() throws WhenProblem {
        String word = take(c -> Character.isLetterOrDigit(c) || c == '_' || c == '.');
        switch (word) {
            case "true", "false" -> add(Kind.BOOLEAN, word.equals("true"));
            case "in", "IN" -> add(Kind.COMPARATOR, "in");
            default -> {
                if (word.indexOf('.') > 0) {
                    accessor(word);
                } else {
                    add(Kind.VARIABLE, word);
                }
            }
        }
    }

    private void accessor(String word) throws WhenProblem {
        if (word.endsWith(".")) {
            throw new WhenProblem("Hanging accessor on token '" + word + "'");
        }
        String[] parts = word.split("\\.", -1);
        for (int i = 1; i < parts.length; i++) {
            if (!parts[i].isEmpty() && Character.isLowerCase(parts[i].charAt(0))) {
                throw new WhenProblem("Unable to access unexported field '" + parts[i] + "' in token '" + word + "'");
            }
        }
        add(Kind.ACCESSOR, word);
    }

    private void quoted() throws WhenProblem {
        String value = enclosed(WhenLexer::isQuote, "Unclosed string literal");
        for (String layout : TIME_LAYOUTS) {
            Optional<ZonedDateTime> time =
                    mayBeTime(value) ? GoTime.tryParse(layout, value, ZoneOffset.UTC) : Optional.empty();
            if (time.isPresent()) {
                add(Kind.TIME, (double) time.get().toEpochSecond());
                return;
            }
        }
        add(Kind.STRING, value);
    }

    /** Every time has a digit and a colon or hyphen in it; most texts don't. */
    private static boolean mayBeTime(String text) {
        return text.length() < 40 && text.matches(".*\\d.*") && (text.indexOf(':') > 0 || text.indexOf('-') > 0);
    }

    private void symbol() throws WhenProblem {
        String symbol = take(WhenLexer::isSymbol);
        if (PREFIXES.contains(symbol) && last().mayBeFollowedBy(Kind.PREFIX)) {
            add(Kind.PREFIX, symbol);
        } else if (MODIFIERS.contains(symbol)) {
            add(Kind.MODIFIER, symbol);
        } else if (LOGICAL.contains(symbol)) {
            add(Kind.LOGICALOP, symbol);
        } else if (COMPARATORS.contains(symbol)) {
            add(Kind.COMPARATOR, symbol);
        } else if (TERNARY.contains(symbol)) {
            add(Kind.TERNARY, symbol);
        } else {
            throw new WhenProblem("Invalid token: '" + symbol + "'");
        }
    }

    private static boolean isQuote(int c) {
        return c == '\'' || c == '"';
    }

    private static boolean isSymbol(int c) {
        return !Character.isLetterOrDigit(c) && !Character.isWhitespace(c) && "()[]'\"".indexOf(c) < 0;
    }

    /** Text up to the closing character; a backslash takes the next character as it is. */
    private String enclosed(IntPredicate closes, String unclosed) throws WhenProblem {
        at++;
        StringBuilder value = new StringBuilder();
        while (at < text.length() && !closes.test(text.charAt(at))) {
            escaped(value);
        }
        if (at == text.length()) {
            throw new WhenProblem(unclosed);
        }
        at++;
        return value.toString();
    }

    private String take(IntPredicate belongs) {
        StringBuilder value = new StringBuilder();
        while (at < text.length() && (belongs.test(text.charAt(at)) || text.charAt(at) == '\\')) {
            escaped(value);
        }
        return value.toString();
    }

    private void escaped(StringBuilder value) {
        if (text.charAt(at) == '\\' && at + 1 < text.length()) {
            at++;
        }
        value.append(text.charAt(at++));
    }
}
