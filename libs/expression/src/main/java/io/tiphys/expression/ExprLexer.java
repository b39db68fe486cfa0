package io.tiphys.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Cuts an expression into tokens. */
final class ExprLexer {
    private static final Set<String> WORD_OPERATORS =
            Set.of("in", "or", "and", "not", "matches", "contains", "startsWith", "endsWith", "let", "if", "else");
    private static final List<String> SYMBOLS = List.of(
            "?.", "??", "||", "&&", "==", "!=", "<=", ">=", "**", "..", "::", "?", "|", "&", "=", "!", "<", ">", "*",
            ".", ":", ",", ";", "%", "+", "-", "^", "/", "#");

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    private ExprLexer(String source) {
        this.source = source;
    }

    static List<Token> tokens(String source) {
        ExprLexer lexer = new ExprLexer(source);
        lexer.run();
        return lexer.tokens;
    }

    private void run() {
        while (at < source.length()) {
            char c = source.charAt(at);
            if (Character.isWhitespace(c)) {
                at++;
            } else if (c == '"' || c == '\'') {
                string(c);
            } else if (c == '`') {
                rawString();
            } else if (isDigit(c)
                    || (c == '.' && at + 1 < source.length() && isDigit(source.charAt(at + 1)) && !afterValue())) {
                number();
            } else if (source.startsWith("//", at)) {
                int end = source.indexOf('\n', at);
                at = end < 0 ? source.length() : end;
            } else if (source.startsWith("/*", at)) {
                int end = source.indexOf("*/", at + 2);
                if (end < 0) {
                    throw new ExprProblem("unclosed comment", source.length());
                }
                at = end + 2;
            } else if ("([{)]}".indexOf(c) >= 0) {
                add(Token.Kind.BRACKET, at, at + 1);
            } else if (isWordCharacter(c)) {
                word();
            } else {
                symbol(c);
            }
        }
        tokens.add(new Token(Token.Kind.END, "", Math.max(0, source.length() - 1)));
    }

    /** Whether the last token ends a value, so that a dot is a member access. */
    private boolean afterValue() {
        if (tokens.isEmpty()) {
            return false;
        }
        Token last = tokens.getLast();
        return switch (last.kind()) {
            case IDENTIFIER, NUMBER, STRING -> true;
            case BRACKET -> ")]}".contains(last.text());
            case OPERATOR, END -> false;
        };
    }

    private void add(Token.Kind kind, int from, int to) {
        tokens.add(new Token(kind, source.substring(from, to), from));
        at = to;
    }

    private void symbol(char c) {
        for (String symbol : SYMBOLS) {
            if (source.startsWith(symbol, at)) {
                add(Token.Kind.OPERATOR, at, at + symbol.length());
                return;
            }
        }
        throw new ExprProblem(String.format("unrecognized character: U+%04X '%c'", (int) c, c), at);
    }

    private void word() {
        int end = at;
        while (end < source.length() && isWordCharacter(source.charAt(end))) {
            end++;
        }
        boolean property = !tokens.isEmpty()
                && (tokens.getLast().isOperator(".") || tokens.getLast().isOperator("?."))
                && tokens.size() > 1;
        boolean operator = !property && WORD_OPERATORS.contains(source.substring(at, end));
        add(operator ? Token.Kind.OPERATOR : Token.Kind.IDENTIFIER, at, end);
    }

    private void number() {
        int end = at;
        if (source.startsWith("0x", at)
                || source.startsWith("0X", at)
                || source.startsWith("0b", at)
                || source.startsWith("0o", at)) {
            end += 2;
            while (end < source.length()
                    && (Character.digit(source.charAt(end), 16) >= 0 || source.charAt(end) == '_')) {
                end++;
            }
        } else {
            end = digits(end);
            if (end < source.length() && source.charAt(end) == '.' && !source.startsWith("..", end)) {
                end = digits(end + 1);
            }
            if (end < source.length() && (source.charAt(end) == 'e' || source.charAt(end) == 'E')) {
                end++;
                if (end < source.length() && (source.charAt(end) == '+' || source.charAt(end) == '-')) {
                    end++;
                }
                end = digits(end);
            }
        }
        if (end < source.length() && isWordCharacter(source.charAt(end))) {
            throw new ExprProblem("bad number syntax: \"" + source.substring(at, end + 1) + "\"", end);
        }
        add(Token.Kind.NUMBER, at, end);
    }

    private int digits(int from) {
        int end = from;
        while (end < source.length() && (isDigit(source.charAt(end)) || source.charAt(end) == '_')) {
            end++;
        }
        return end;
    }

    private void string(char quote) {
        StringBuilder value = new StringBuilder();
        int i = at + 1;
        while (true) {
            if (i >= source.length() || source.charAt(i) == '\n') {
                throw new ExprProblem("literal not terminated", Math.min(i, source.length()));
            }
            char c = source.charAt(i);
            if (c == quote) {
                break;
            }
            if (c == '\\') {
                i = escape(i + 1, quote, value);
            } else {
                value.append(c);
                i++;
            }
        }
        tokens.add(new Token(Token.Kind.STRING, value.toString(), at));
        at = i + 1;
    }

    private int escape(int i, char quote, StringBuilder value) {
        char c = i < source.length() ? source.charAt(i) : '\0';
        switch (c) {
            case 'a' -> value.append('\u0007');
            case 'b' -> value.append('\b');
            case 'f' -> value.append('\f');
            case 'n' -> value.append('\n');
            case 'r' -> value.append('\r');
            case 't' -> value.append('\t');
            case 'v' -> value.append('\u000b');
            case '\\' -> value.append('\\');
            case 'x' -> {
                return code(i + 1, 2, 16, value);
            }
            case 'u' -> {
                return code(i + 1, 4, 16, value);
            }
            case 'U' -> {
                return code(i + 1, 8, 16, value);
            }
            case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                return code(i, 3, 8, value);
            }
            default -> {
                if (c != quote) {
                    throw new ExprProblem("invalid char escape", i);
                }
                value.append(c);
            }
        }
        return i + 1;
    }

    private int code(int from, int digits, int radix, StringBuilder value) {
        int code = 0;
        for (int i = from; i < from + digits; i++) {
            int digit = i < source.length() ? Character.digit(source.charAt(i), radix) : -1;
            if (digit < 0 || code > Character.MAX_CODE_POINT) {
                throw new ExprProblem("invalid char escape", Math.min(i, source.length()));
            }
            code = code * radix + digit;
        }
        if (!Character.isValidCodePoint(code)) {
            throw new ExprProblem("invalid char escape", from);
        }
        value.appendCodePoint(code);
        return from + digits;
    }

    private void rawString() {
        StringBuilder value = new StringBuilder();
        int i = at + 1;
        while (true) {
            if (i >= source.length()) {
                throw new ExprProblem("literal not terminated", source.length());
            }
            char c = source.charAt(i);
            if (c == '`' && source.startsWith("``", i)) {
                value.append('`');
                i += 2;
            } else if (c == '`') {
                break;
            } else {
                value.append(c);
                i++;
            }
        }
        tokens.add(new Token(Token.Kind.STRING, value.toString(), at));
        at = i + 1;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isWordCharacter(char c) {
        return c == '_' || c == '$' || Character.isLetterOrDigit(c);
    }
}
