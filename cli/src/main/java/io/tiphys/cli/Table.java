package io.tiphys.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows whose columns stand under each other; the last column may be as long as it likes. */
final class Table {
    private static final int GAP = 2;

    private final Terminal terminal;
    private final List<Cell[]> rows = new ArrayList<>();

    /** A text with its colour, behind one without. */
    record Cell(String lead, String body, Terminal.Style style) {
        Cell(String text, Terminal.Style style) {
            this("", text, style);
        }

        static Cell of(String text) {
            return new Cell(text, Terminal.Style.PLAIN);
        }

        String text() {
            return lead + body;
        }
    }

    Table(Terminal terminal) {
        this.terminal = terminal;
    }

    void header(String... titles) {
        rows.add(Arrays.stream(titles)
                .map(title -> new Cell(title, Terminal.Style.DIM))
                .toArray(Cell[]::new));
    }

    void row(Cell... cells) {
        rows.add(cells.clone());
    }

    List<String> lines() {
        int columns = rows.stream().mapToInt(row -> row.length).max().orElse(0);
        int[] widths = new int[columns];
        for (Cell[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                widths[i] = Math.max(widths[i], width(row[i].text()));
            }
        }
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private String line(Cell[] row, int[] widths) {
        StringBuilder line = new StringBuilder();
        int pending = 0;
        for (int i = 0; i < row.length; i++) {
            String text = row[i].text().replace('\n', ' ');
            if (!text.isEmpty()) {
                line.repeat(' ', pending)
                        .append(row[i].lead())
                        .append(terminal.style(row[i].style(), row[i].body().replace('\n', ' ')));
                pending = 0;
            }
            pending += widths[i] - width(text) + GAP;
        }
        return line.toString();
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }
}
