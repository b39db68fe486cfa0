package io.tiphys.local.system;

import java.io.PrintStream;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Shows how an instance comes up: one line per part when it is ready, and on a terminal what is still missing. */
final class ProgressView {
    private static final String CLEAR_LINE = "\r\033[K";
    private static final List<String> SPINNER = List.of("⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏");

    private final PrintStream out;
    private final boolean terminal;
    private final long startedNanos = System.nanoTime();
    private final Set<String> shown = new HashSet<>();
    private int frame;

    ProgressView(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
        shown.add("system");
    }

    void show(Instance instance) {
        clear();
        for (Part part : instance.parts()) {
            Long millis = part.startMillis();
            if (part.isReady() && millis != null && shown.add(part.name())) {
                out.printf(
                        Locale.ROOT,
                        "  %s %-12s %6.1f s   %s%n",
                        mark("✓", "ok"),
                        part.name(),
                        millis / 1000.0,
                        part.url());
            } else if (part.state() == Part.State.RESTARTING && shown.add(part.name() + part.restarts())) {
                out.printf("  ! %-12s %s%n", part.name(), part.message());
            }
        }
        if (terminal) {
            String waiting = instance.parts().stream()
                    .filter(part -> !part.isReady())
                    .map(Part::name)
                    .collect(Collectors.joining(", "));
            if (!waiting.isEmpty()) {
                frame = (frame + 1) % SPINNER.size();
                out.printf(Locale.ROOT, "  %s %.0f s  waiting for %s", SPINNER.get(frame), seconds(), waiting);
            }
        }
        out.flush();
    }

    private String mark(String onTerminal, String plain) {
        return terminal ? onTerminal : plain;
    }

    double seconds() {
        return (System.nanoTime() - startedNanos) / 1e9;
    }

    void clear() {
        if (terminal) {
            out.print(CLEAR_LINE);
        }
    }
}
