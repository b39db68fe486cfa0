package io.tiphys.cli;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** How far a file is on its way: a line that is drawn again and again where a person looks on, and nothing elsewhere. */
final class ProgressLine {
    private static final Duration BETWEEN = Duration.ofMillis(200);
    private static final int BAR = 24;
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

    private final Terminal terminal;
    private final String what;
    private long drawnNanos = System.nanoTime() - BETWEEN.toNanos();
    private boolean drawn;

    ProgressLine(Terminal terminal, String what) {
        this.terminal = terminal.beside();
        this.what = what;
    }

    /** So many bytes are here of so many; -1 where nobody knows how many there will be. */
    void at(long bytes, long ofBytes) {
        if (!terminal.live() || System.nanoTime() - drawnNanos < BETWEEN.toNanos()) {
            return;
        }
        drawnNanos = System.nanoTime();
        terminal.redraw(drawn ? 1 : 0, List.of(text(what, bytes, ofBytes)));
        drawn = true;
    }

    /** Takes the line away. */
    void done() {
        if (drawn) {
            terminal.redraw(1, List.of());
        }
    }

    static String text(String what, long bytes, long ofBytes) {
        if (ofBytes <= 0) {
            return size(bytes) + "  " + what;
        }
        int full = (int) Math.min(BAR, BAR * bytes / ofBytes);
        return "[%s%s] %3d %%  %s of %s  %s"
                .formatted(
                        "#".repeat(full),
                        ".".repeat(BAR - full),
                        100 * bytes / ofBytes,
                        size(bytes),
                        size(ofBytes),
                        what);
    }

    private static String size(long bytes) {
        double amount = bytes;
        int unit = 0;
        while (amount >= 1024 && unit < UNITS.length - 1) {
            amount /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", amount, UNITS[unit]);
    }
}
