package io.tiphys.bench.artifacts;

import java.util.ArrayList;
import java.util.Locale;

/** Measures two ways in turns, so that what else the machine does hits both; compares medians. */
final class Rounds {
    private Rounds() {}

    interface Way {
        /** Seconds of what counts. */
        double run(int round) throws Exception;
    }

    static Row.Figure compare(String what, String aim, long bytes, int rounds, Way plain, Way ours) throws Exception {
        var plainSeconds = new ArrayList<Double>();
        var ourSeconds = new ArrayList<Double>();
        for (int n = 0; n < rounds; n++) {
            plainSeconds.add(plain.run(n));
            ourSeconds.add(ours.run(n));
        }
        double a = PlainTransfer.median(plainSeconds);
        double b = PlainTransfer.median(ourSeconds);
        return new Row.Figure(
                what,
                String.format(Locale.ROOT, "%.2f", a / b),
                aim,
                String.format(
                        Locale.ROOT,
                        "%.1f s and %.0f MB/s plain, %.1f s and %.0f MB/s ours, medians of %d",
                        a,
                        bytes / a / 1e6,
                        b,
                        bytes / b / 1e6,
                        rounds));
    }

    static double seconds(long sinceNanos) {
        return (System.nanoTime() - sinceNanos) / 1e9;
    }
}
