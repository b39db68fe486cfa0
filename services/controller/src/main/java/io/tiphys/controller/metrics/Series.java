package io.tiphys.controller.metrics;

import io.tiphys.engine.MetricSample;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values of one metric with one set of labels. Guarded by the board. */
final class Series {
    final Map<String, String> labels;
    Instant updated;
    private double value;
    private MetricSample.Value.@Nullable Elapsing elapsing;
    private final double[] bounds;
    private final long[] counts;
    private long count;

    Series(Map<String, String> labels, double[] bounds, Instant now) {
        this.labels = labels;
        this.bounds = bounds;
        this.counts = new long[bounds.length];
        this.updated = now;
    }

    void take(MetricSample.Value sample, Instant now) {
        updated = now;
        switch (sample) {
            case MetricSample.Value.Counted(var by) -> value += by;
            case MetricSample.Value.Set(var to) -> value = to;
            case MetricSample.Value.Moved(var by) -> value += by;
            case MetricSample.Value.Elapsing running -> elapsing = running;
            case MetricSample.Value.Observed(var observed, var _) -> {
                value += observed;
                count++;
                for (int i = 0; i < bounds.length; i++) {
                    counts[i] += observed <= bounds[i] ? 1 : 0;
                }
            }
        }
    }

    /** Whether nobody has touched it since, and nothing goes on that it shows. */
    boolean isIdleSince(Instant then) {
        return updated.isBefore(then) && (elapsing == null || elapsing.until() != null);
    }

    double value(Instant now) {
        MetricSample.Value.Elapsing running = elapsing;
        if (running == null) {
            return value;
        }
        Instant until = running.until() == null ? now : running.until();
        return Duration.between(running.since(), until).toMillis() / 1000.0;
    }

    double[] bounds() {
        return bounds;
    }

    /** Observations up to the bound of this number. */
    long upTo(int bound) {
        return counts[bound];
    }

    long count() {
        return count;
    }
}
