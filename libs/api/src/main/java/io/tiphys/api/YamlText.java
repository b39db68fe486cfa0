package io.tiphys.api;

import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.scanner.Constant;

/**
 * A text as the scanner reads it, with a window that grows with what the scanner looks ahead. The one of {@link StreamReader} is moved on
 * by a thousand characters at a time, so that a quoted text, which is looked through to its end first, takes the square of its length:
 * 47 GiB of garbage for 5 MB.
 */
final class YamlText extends StreamReader {
    private static final int CHUNK = 4_096;
    private static final int BYTE_ORDER_MARK = 0xFEFF;

    private final String text;
    private int read; // characters of the text
    private int[] window = new int[0];
    private int length;
    private int pointer;
    private int index;
    private int documentIndex;
    private int line;
    private int column;

    YamlText(String text) {
        super("");
        this.text = text;
    }

    /** Whether there is a code point so far ahead. */
    private boolean has(int ahead) {
        while (pointer + ahead >= length && read < text.length()) {
            fill();
        }
        return pointer + ahead < length;
    }

    private void fill() {
        int left = length - pointer;
        int most = left + Math.min(Math.max(CHUNK, left), text.length() - read);
        int[] next = new int[most];
        System.arraycopy(window, pointer, next, 0, left);
        int filled = left;
        while (filled < most && read < text.length()) {
            int point = text.codePointAt(read);
            if (!isPrintable(point)) {
                throw new ReaderException("reader", index + filled, point, "special characters are not allowed");
            }
            next[filled++] = point;
            read += Character.charCount(point);
        }
        window = next;
        length = filled;
        pointer = 0;
    }

    @Override
    public Mark getMark() {
        return new Mark("reader", index, line, column, window, pointer);
    }

    @Override
    public void forward() {
        forward(1);
    }

    @Override
    public void forward(int points) {
        for (int i = 0; i < points && has(0); i++) {
            int point = window[pointer++];
            move(1);
            if (Constant.LINEBR.has(point) || (point == '\r' && has(0) && window[pointer] != '\n')) {
                line++;
                column = 0;
            } else if (point != BYTE_ORDER_MARK) {
                column++;
            }
        }
    }

    @Override
    public int peek() {
        return peek(0);
    }

    @Override
    public int peek(int ahead) {
        return has(ahead) ? window[pointer + ahead] : 0;
    }

    @Override
    public String prefix(int points) {
        if (points == 0) {
            return "";
        }
        has(points - 1);
        return new String(window, pointer, Math.min(points, length - pointer));
    }

    @Override
    public String prefixForward(int points) {
        String prefix = prefix(points);
        pointer += points;
        move(points);
        column += points;
        return prefix;
    }

    private void move(int points) {
        index += points;
        documentIndex += points;
    }

    @Override
    public int getColumn() {
        return column;
    }

    @Override
    public int getDocumentIndex() {
        return documentIndex;
    }

    @Override
    public void resetDocumentIndex() {
        documentIndex = 0;
    }

    @Override
    public int getIndex() {
        return index;
    }

    @Override
    public int getLine() {
        return line;
    }
}
