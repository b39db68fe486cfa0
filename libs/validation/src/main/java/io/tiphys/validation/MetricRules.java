package io.tiphys.validation;

import io.tiphys.api.JsonPaths;
import io.tiphys.api.MetricLabel;
import io.tiphys.api.Metrics;
import io.tiphys.api.Prometheus;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Metrics of a template. */
final class MetricRules {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");

    private MetricRules() {}

    static void check(@Nullable Metrics metrics, String path, Findings findings) {
        List<Prometheus> all = metrics == null ? List.of() : metrics.prometheus();
        for (int i = 0; i < all.size(); i++) {
            check(all.get(i), JsonPaths.item(JsonPaths.field(path, "prometheus"), i), findings);
        }
    }

    private static void check(Prometheus metric, String path, Findings findings) {
        checkName(metric.name(), JsonPaths.field(path, "name"), findings);
        for (int i = 0; i < metric.labels().size(); i++) {
            MetricLabel label = metric.labels().get(i);
            String labelPath = JsonPaths.item(JsonPaths.field(path, "labels"), i);
            checkName(label.key(), JsonPaths.field(labelPath, "key"), findings);
        }
        if (metric.help().isEmpty()) {
            findings.problem(JsonPaths.field(path, "help"), "is required: what the metric means");
        }
        if (metric.gauge() != null) {
            checkValue(metric.gauge().value(), JsonPaths.field(path, "gauge"), findings);
            boolean realtime = Boolean.TRUE.equals(metric.gauge().realtime());
            if (realtime && metric.gauge().value().contains("resourcesDuration.")) {
                findings.problem(path + ".gauge.value", "resourcesDuration isn't known in real time");
            }
        }
        if (metric.counter() != null) {
            checkValue(metric.counter().value(), JsonPaths.field(path, "counter"), findings);
        }
        if (metric.histogram() != null) {
            checkValue(metric.histogram().value(), JsonPaths.field(path, "histogram"), findings);
        }
    }

    private static void checkName(String name, String path, Findings findings) {
        if (!NAME.matcher(name).matches()) {
            findings.problem(
                    path, "\"" + name + "\" may have only letters, digits and '_', and must not start with a digit");
        }
    }

    private static void checkValue(String value, String path, Findings findings) {
        if (value.isEmpty()) {
            findings.problem(JsonPaths.field(path, "value"), "is required");
        }
    }
}
