package io.tiphys.engine.metric;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Gauge;
import io.tiphys.api.MetricLabel;
import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeType;
import io.tiphys.api.Prometheus;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.engine.Command;
import io.tiphys.engine.Draft;
import io.tiphys.engine.Event;
import io.tiphys.engine.MetricSample;
import io.tiphys.engine.Node;
import io.tiphys.engine.definition.CompiledMetric;
import io.tiphys.engine.launch.Conditions;
import io.tiphys.engine.scope.Texts;
import io.tiphys.expression.Scope;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code metrics} of templates and of the workflow: told once when a node or the workflow ends, those with {@code realtime}
 * when it begins as well; failed attempts that are followed by another count by themselves. A metric that makes no sense is
 * a condition of the workflow and fails nobody.
 */
public final class MetricMachine {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
    private static final int MAX_NAME = 255;

    private MetricMachine() {}

    /** The node begins. */
    public static void began(Draft draft, Node node) {
        if (counts(node) && !node.isAttempt()) {
            MetricScope scope = new MetricScope(draft, node, node.phase(), null);
            metrics(node).stream()
                    .filter(CompiledMetric::isRealtime)
                    .forEach(metric -> tell(draft, metric, node, scope, null));
        }
    }

    /** The node ends in this phase. */
    public static void ended(Draft draft, Node node, NodePhase phase) {
        if (counts(node) && !node.isAttempt()) {
            told(draft, node, phase);
        }
    }

    /** The attempt failed, and there will be another. */
    public static void attemptFailed(Draft draft, Node attempt) {
        if (counts(attempt)) {
            told(draft, attempt, attempt.phase());
        }
    }

    /** The workflow begins or ends. */
    public static void workflow(Draft draft, WorkflowPhase phase) {
        Node entry = draft.run().entry();
        List<CompiledMetric> metrics = draft.run().definition().metrics();
        if (entry == null || metrics.isEmpty()) {
            return;
        }
        boolean ends = phase.isFulfilled();
        MetricScope scope = new MetricScope(draft, entry, entry.phase(), phase.json());
        for (CompiledMetric metric : metrics) {
            if (ends || metric.isRealtime()) {
                tell(draft, metric, entry, scope, ends ? draft.at() : null);
            }
        }
    }

    private static void told(Draft draft, Node node, NodePhase phase) {
        MetricScope scope = new MetricScope(draft, node, phase, null);
        Instant end = node.isFinal() ? Instant.ofEpochMilli(node.finishedAt()) : draft.at();
        metrics(node).forEach(metric -> tell(draft, metric, node, scope, end));
    }

    private static boolean counts(Node node) {
        return node.type() != NodeType.CONTAINER && !metrics(node).isEmpty();
    }

    private static List<CompiledMetric> metrics(Node node) {
        return node.template() == null ? List.of() : node.template().metrics();
    }

    private static void tell(Draft draft, CompiledMetric metric, Node node, Scope scope, @Nullable Instant end) {
        String problem = metric.source().help().isEmpty()
                ? "metric '" + metric.source().name() + "' must contain a help string under 'help: ' field"
                : tellOne(draft, metric, node, scope, end);
        if (problem != null && !problem.equals(draft.run().metricsError())) {
            draft.add(new Event.MetricsFailed(problem));
        }
    }

    /** Null if it went well. */
    private static @Nullable String tellOne(
            Draft draft, CompiledMetric metric, Node node, Scope scope, @Nullable Instant end) {
        String name = metric.source().name();
        Prometheus filled;
        switch (Texts.render(metric.document(), scope)) {
            case Texts.Outcome.Problem(var message) -> {
                return "unable to substitute parameters for metric '" + name + "': " + message;
            }
            case Texts.Outcome.Text(var json) -> {
                try {
                    filled = ApiJson.mapper().readValue(json, Prometheus.class);
                } catch (JsonProcessingException e) {
                    return "unable to substitute parameters for metric '" + name + "' (unmarshal): "
                            + e.getOriginalMessage();
                }
            }
        }
        switch (Conditions.evaluate(metric.when(), scope)) {
            case Conditions.Verdict.Invalid(var message) -> {
                return "unable to compute 'when' clause for metric '" + name + "': " + message;
            }
            case Conditions.Verdict.Skip _ -> {
                return null;
            }
            case Conditions.Verdict.Go _ -> {}
        }
        if (!NAME.matcher(filled.name()).matches() || filled.name().length() > MAX_NAME) {
            return "could not construct metric '" + filled.name()
                    + "': metric name is invalid: names may only contain alphanumeric characters, '_', or ':'";
        }
        Map<String, String> labels = new LinkedHashMap<>();
        for (MetricLabel label : filled.labels()) {
            labels.put(label.key(), label.value());
        }
        try {
            MetricSample.Value value = metric.isRealtime() ? elapsing(metric, node, end) : value(filled);
            draft.add(new Command.RecordMetric(new MetricSample(filled.name(), filled.help(), labels, value)));
            return null;
        } catch (IllegalArgumentException e) {
            return "could not construct metric '" + filled.name() + "': " + e.getMessage();
        }
    }

    private static MetricSample.Value elapsing(CompiledMetric metric, Node node, @Nullable Instant end) {
        Gauge gauge = metric.source().gauge();
        String variable = gauge == null ? "" : gauge.value().strip();
        if (!variable.startsWith("{{") || !variable.endsWith("}}")) {
            throw new IllegalArgumentException("real time metrics can only be used with metric variables");
        }
        return switch (variable.substring(2, variable.length() - 2).strip()) {
            case "duration" -> new MetricSample.Value.Elapsing(Instant.ofEpochMilli(node.startedAt()), end);
            case "workflow.duration" ->
                new MetricSample.Value.Elapsing(Instant.ofEpochMilli(node.run().startedAt()), end);
            default -> throw new IllegalArgumentException("'" + variable + "' is not available as a real time metric");
        };
    }

    private static MetricSample.Value value(Prometheus metric) {
        if (metric.counter() != null) {
            double by = number(metric.counter().value());
            if (by < 0) {
                throw new IllegalArgumentException(
                        "a counter can't go down: " + metric.counter().value());
            }
            return new MetricSample.Value.Counted(by);
        }
        if (metric.histogram() != null) {
            return new MetricSample.Value.Observed(
                    number(metric.histogram().value()), metric.histogram().buckets());
        }
        Gauge gauge = metric.gauge();
        if (gauge == null) {
            throw new IllegalArgumentException("one of gauge, counter and histogram is needed");
        }
        double value = number(gauge.value());
        return switch (gauge.operation()) {
            case "Add" -> new MetricSample.Value.Moved(value);
            case "Sub" -> new MetricSample.Value.Moved(-value);
            case null, default -> new MetricSample.Value.Set(value);
        };
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("strconv.ParseFloat: parsing \"" + text + "\": invalid syntax", e);
        }
    }
}
