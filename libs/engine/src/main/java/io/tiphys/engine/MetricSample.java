package io.tiphys.engine;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One value of a user's metric, with every tag filled in.
 *
 * @param name without prefix
 */
public record MetricSample(String name, String help, Map<String, String> labels, Value value) {
    public MetricSample {
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    }

    /** What is to become of the metric. */
    public sealed interface Value {
        record Counted(double by) implements Value {}

        record Set(double to) implements Value {}

        /** Added to the gauge; negative to subtract. */
        record Moved(double by) implements Value {}

        record Observed(double value, List<BigDecimal> buckets) implements Value {
            public Observed {
                buckets = List.copyOf(buckets);
            }
        }

        /**
         * A gauge that shows how long it has been going on.
         *
         * @param until null as long as it does
         */
        record Elapsing(Instant since, @Nullable Instant until) implements Value {}
    }
}
