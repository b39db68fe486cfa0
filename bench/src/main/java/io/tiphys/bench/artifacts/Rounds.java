package io.tiphys.bench.artifacts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Measures two ways in turns, so that what else the machine does hits both; compares medians. Processor time is that of the benchmark and of
 * the processes that it started: what both ways cost the store isn't in it.
 */
final class Rounds {
    private static final double TICKS_PER_SECOND = 100; // USER_HZ, on every Linux
    private static final int FIRST_FIELD_AFTER_NAME = 3;
    private static final List<Integer> USED = List.of(14, 15, 16, 17); // utime, stime, cutime, cstime of proc(5)

    private Rounds() {}

    interface Way {
        /** Seconds of what counts. */
        double run(int round) throws Exception;
    }

    /** What one way took in each round. */
    private static final class Times {
        private final List<Double> seconds = new ArrayList<>();
        private final List<Double> processor = new ArrayList<>();

        void add(Way way, int round) throws Exception {
            double before = processorSeconds();
            seconds.add(way.run(round));
            processor.add(processorSeconds() - before);
        }

        double median() {
            return PlainTransfer.median(seconds);
        }

        String shown(long bytes) {
            return String.format(
                    Locale.ROOT,
                    "%.1f s, %.0f MB/s and %.1f s of processor time",
                    median(),
                    bytes / median() / 1e6,
                    PlainTransfer.median(processor));
        }
    }

    static Row.Figure compare(String what, String aim, long bytes, int rounds, Way plain, Way ours) throws Exception {
        var plainTimes = new Times();
        var ourTimes = new Times();
        for (int n = 0; n < rounds; n++) {
            plainTimes.add(plain, n);
            ourTimes.add(ours, n);
        }
        return new Row.Figure(
                what,
                String.format(Locale.ROOT, "%.2f", plainTimes.median() / ourTimes.median()),
                aim,
                plainTimes.shown(bytes) + " plain, " + ourTimes.shown(bytes) + " ours, medians of " + rounds);
    }

    static double seconds(long sinceNanos) {
        return (System.nanoTime() - sinceNanos) / 1e9;
    }

    /** Of this process and of those that it started and that have ended. */
    private static double processorSeconds() throws IOException {
        return processorSeconds("self", USED);
    }

    /** Of one process. */
    static double processorSeconds(long pid) throws IOException {
        return processorSeconds(Long.toString(pid), USED.subList(0, 2));
    }

    private static double processorSeconds(String process, List<Integer> used) throws IOException {
        var stat = Files.readString(Path.of("/proc", process, "stat"));
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return used.stream()
                        .mapToLong(field -> Long.parseLong(fields[field - FIRST_FIELD_AFTER_NAME]))
                        .sum()
                / TICKS_PER_SECOND;
    }
}
