package io.tiphys.expression;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Cuts a text into pieces, in one pass and without recursion. */
final class TagParser {
    private static final String OPEN = "{{";
    private static final String CLOSE = "}}";

    /** Tags inside tags beyond this are plain text. */
    private static final int MAX_DEPTH = 16;

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
        for (int opening = next(OPEN, 0, -1), closing = next(CLOSE, 0, -1);
                closing < text.length() && (opening < text.length() || !open.isEmpty());
                opening = next(OPEN, at, opening), closing = next(CLOSE, at, closing)) {
            if (opening < closing) {
                literal(at, opening);
                at = openAt(opening + OPEN.length());
            } else {
                literal(at, closing);
                at = closing + CLOSE.length();
                if (open.isEmpty()) {
                    current.add(new Piece.Literal(CLOSE));
                } else {
                    close();
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

    /** Where the braces are found from here on, given where they were found last; the length of the text if nowhere. */
    private int next(String braces, int from, int last) {
        if (last >= from) {
            return last;
        }
        int found = text.indexOf(braces, from);
        return found < 0 ? text.length() : found;
    }

    /** Begins a tag, or reads a whole expression; returns where to go on. */
    private int openAt(int start) {
        if (text.startsWith("=", start)) {
            int closing = text.indexOf(CLOSE, start);
            String raw = text.substring(start + 1, closing);
            current.add(new Piece.Expression(raw, Expr.compile(json ? JsonText.unescape(raw) : raw)));
            return closing + CLOSE.length();
        }
        if (open.size() == MAX_DEPTH) {
            current.add(new Piece.Literal(OPEN));
        } else {
            open.push(current);
            current = new ArrayList<>();
        }
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
