package io.tiphys.api;

import java.math.BigDecimal;
import java.util.List;

/** A metric that counts observations by bucket. */
@ArgoType
public record Histogram(String value, List<BigDecimal> buckets) implements HistogramBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public Histogram {
        value = value == null ? "" : value;
        buckets = Frozen.list(buckets);
    }
}
