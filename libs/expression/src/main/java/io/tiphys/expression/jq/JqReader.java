package io.tiphys.expression.jq;

import java.util.Set;

/** The text of a filter, word by word. */
class JqReader {
    static final Set<String> KEYWORDS = Set.of(
            "def", "as", "if", "then", "elif", "else", "end", "and", "or", "reduce", "foreach", "try", "catch", "label",
            "import", "include", "__loc__");

    final String source;
    int at;

    JqReader(String source) {
        this.source = source;
    }

    JqException unexpected() {
        space();
        return new JqException(
                at >= source.length()
                        ? "unexpected end of the filter: " + source
                        : "unexpected '" + source.charAt(at) + "' at character " + (at + 1) + " of the filter: "
                                + source);
    }

    void space() {
        while (at < source.length()) {
            char c = source.charAt(at);
            if (c == '#') {
                int end = source.indexOf('\n', at);
                at = end < 0 ? source.length() : end;
            } else if (Character.isWhitespace(c)) {
                at++;
            } else {
                return;
            }
        }
    }

    boolean peek(String symbol) {
        space();
        return source.startsWith(symbol, at);
    }

    /** Takes the symbol if it is next, and not the start of a longer one. */
    boolean take(String symbol, String notBefore) {
        space();
        int end = at + symbol.length();
        if (!source.startsWith(symbol, at) || (end < source.length() && notBefore.indexOf(source.charAt(end)) >= 0)) {
            return false;
        }
        at = end;
        return true;
    }

    boolean take(String symbol) {
        return take(symbol, "");
    }

    void expect(String symbol) throws JqException {
        if (!take(symbol)) {
            throw unexpected();
        }
    }

    static boolean startsWord(char c) {
        return c == '_' || (c < 0x80 && Character.isLetter(c));
    }

    private static boolean inWord(char c) {
        return startsWord(c) || (c >= '0' && c <= '9');
    }

    /** The word that is next, without taking it; "" if there's none. */
    String peekWord() {
        space();
        if (at >= source.length() || !startsWord(source.charAt(at))) {
            return "";
        }
        int end = at;
        while (end < source.length() && inWord(source.charAt(end))) {
            end++;
        }
        return source.substring(at, end);
    }

    boolean takeWord(String word) {
        if (!peekWord().equals(word)) {
            return false;
        }
        at += word.length();
        return true;
    }

    void expectWord(String word) throws JqException {
        if (!takeWord(word)) {
            throw unexpected();
        }
    }

    String name() throws JqException {
        String word = peekWord();
        if (word.isEmpty()) {
            throw unexpected();
        }
        at += word.length();
        return word;
    }

    String variable() throws JqException {
        expect("$");
        return name();
    }

    double number() throws JqException {
        int start = at;
        while (at < source.length() && (Character.isDigit(source.charAt(at)) || source.charAt(at) == '.')) {
            at++;
        }
        if (at < source.length() && "eE".indexOf(source.charAt(at)) >= 0) {
            at++;
            if (at < source.length() && "+-".indexOf(source.charAt(at)) >= 0) {
                at++;
            }
            while (at < source.length() && Character.isDigit(source.charAt(at))) {
                at++;
            }
        }
        try {
            return Double.parseDouble(source.substring(start, at));
        } catch (NumberFormatException e) {
            throw new JqException("no number: " + source.substring(start, at));
        }
    }
}
