package io.tiphys.engine.definition;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Metrics;
import io.tiphys.api.Prometheus;
import io.tiphys.expression.CompiledText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A metric with its tags parsed.
 *
 * @param source as written
 * @param document all of it but {@code when}, as JSON with tags
 */
public record CompiledMetric(
        Prometheus source, CompiledText document, @Nullable CompiledText when) {

    static List<CompiledMetric> of(@Nullable Metrics metrics) {
        return metrics == null
                ? List.of()
                : metrics.prometheus().stream().map(CompiledMetric::of).toList();
    }

    private static CompiledMetric of(Prometheus metric) {
        String when = metric.when();
        try {
            return new CompiledMetric(
                    metric,
                    CompiledText.compileJson(ApiJson.mapper().writeValueAsString(metric.withWhen(null))),
                    when == null || when.isBlank() ? null : CompiledText.compile(when));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("metric can't be written as JSON", e);
        }
    }

    /** Shown while its node runs, not only at the end. */
    public boolean isRealtime() {
        return source.gauge() != null && Boolean.TRUE.equals(source.gauge().realtime());
    }
}
