package io.tiphys.expression;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Cuts a text into pieces, in one pass and without recursion. */
final class TagParser {
    private static final String OPEN = "{{";
    private static final String CLOSE = "}}";

    private final String text;
    private final boolean json;
    private final Deque<List<Piece>> open = new ArrayDeque<>();
    private List<Piece> current = new ArrayList<>();

    private TagParser(String text, boolean json) {
        this.text = text;
        this.json = json;
    }

    static List<Piece> parse(String text, boolean json) {
        return text.contains(OPEN) ? new TagParser(text, json).parse() : List.of(new Piece.Literal(text));
    }

    private List<Piece> parse() {
        int at = 0;
        while (at < text.length()) {
            int opening = text.indexOf(OPEN, at);
            int closing = open.isEmpty() ? -1 : text.indexOf(CLOSE, at);
            if (opening < 0 && closing < 0) {
                break;
            }
            if (closing >= 0 && (opening < 0 || closing < opening)) {
                literal(at, closing);
                close();
                at = closing + CLOSE.length();
            } else {
                literal(at, opening);
                at = openAt(opening);
                if (at < 0) {
                    at = opening;
                    break;
                }
            }
        }
        literal(at, text.length());
        while (!open.isEmpty()) {
            List<Piece> unclosed = current;
            current = open.pop();
            current.add(new Piece.Literal(OPEN));
            current.addAll(unclosed);
        }
        return current;
    }

    /** Where to go on after the opening braces, or -1 if nothing closes any more. */
    private int openAt(int opening) {
        int start = opening + OPEN.length();
        int closing = text.indexOf(CLOSE, start);
        if (closing < 0) {
            return -1;
        }
        if (text.startsWith("=", start)) {
            String raw = text.substring(start + 1, closing);
            current.add(new Piece.Expression(raw, Expr.compile(json ? JsonText.unescape(raw) : raw)));
            return closing + CLOSE.length();
        }
        open.push(current);
        current = new ArrayList<>();
        return start;
    }

    private void close() {
        List<Piece> inner = current;
        current = open.pop();
        if (inner.isEmpty()) {
            current.add(new Piece.Tag("", ""));
        } else if (inner.size() == 1 && inner.getFirst() instanceof Piece.Literal(var raw)) {
            current.add(new Piece.Tag(raw, raw.strip()));
        } else {
            current.add(new Piece.Nested(inner));
        }
    }

    private void literal(int from, int to) {
        if (from < to) {
            current.add(new Piece.Literal(text.substring(from, to)));
        }
    }
}
