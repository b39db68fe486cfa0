package io.tiphys.controller.cron;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Condition;
import io.tiphys.api.CronWorkflow;
import io.tiphys.api.CronWorkflowStatus;
import io.tiphys.api.StopStrategy;
import io.tiphys.expression.CompiledText;
import io.tiphys.expression.Expr;
import io.tiphys.expression.Rendering;
import io.tiphys.expression.Scope;
import io.tiphys.expression.When;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The expressions of a cron workflow, {@code when} and {@code stopStrategy}, and the conditions in its status. */
final class CronConditions {
    static final String SUBMISSION_ERROR = "SubmissionError";
    static final String SPEC_ERROR = "SpecError";

    private CronConditions() {}

    /** Whether {@code when} lets a workflow start. */
    static When.Verdict when(CronWorkflow cron, CronWorkflowStatus status, Instant now) {
        String when = cron.getSpec().when();
        if (when == null || when.isEmpty()) {
            return new When.Verdict.Decided(true);
        }
        Scope scope = scope(cron, status).at(now);
        return switch (CompiledText.compile(when).render(scope)) {
            case Rendering.Rendered(var text) -> When.evaluate(text);
            case Rendering.Unresolved(var names, var _) ->
                new When.Verdict.Invalid("failed to resolve {{" + String.join("}}, {{", names) + "}}");
            case Rendering.Failed(var message) -> new When.Verdict.Invalid(message);
        };
    }

    /** Whether {@code stopStrategy} says that it is enough. */
    static When.Verdict stops(CronWorkflow cron, CronWorkflowStatus status, Instant now) {
        StopStrategy strategy = cron.getSpec().stopStrategy();
        if (strategy == null) {
            return new When.Verdict.Decided(false);
        }
        return switch (Expr.compile(strategy.expression())) {
            case Expr.Compilation.Invalid(var message) -> new When.Verdict.Invalid(message);
            case Expr.Compilation.Compiled(var expression) ->
                switch (expression.evaluateBoolean(scope(cron, status).at(now))) {
                    case Expr.Evaluation.Value(var value) -> new When.Verdict.Decided(Boolean.TRUE.equals(value));
                    case Expr.Evaluation.Failed(var message) -> new When.Verdict.Invalid(message);
                };
        };
    }

    private static Scope scope(CronWorkflow cron, CronWorkflowStatus status) {
        ObjectMeta metadata = cron.getMetadata();
        Map<String, String> labels = Optional.ofNullable(metadata.getLabels()).orElse(Map.of());
        Map<String, String> annotations =
                Optional.ofNullable(metadata.getAnnotations()).orElse(Map.of());
        Instant last = status.lastScheduledTime();
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("cronworkflow.name", metadata.getName());
        values.put("cronworkflow.namespace", metadata.getNamespace());
        labels.forEach((key, value) -> values.put("cronworkflow.labels." + key, value));
        annotations.forEach((key, value) -> values.put("cronworkflow.annotations." + key, value));
        values.put(
                "cronworkflow.labels.json", ApiJson.mapper().valueToTree(labels).toString());
        values.put(
                "cronworkflow.annotations.json",
                ApiJson.mapper().valueToTree(annotations).toString());
        values.put("cronworkflow.failed", status.failed());
        values.put("cronworkflow.succeeded", status.succeeded());
        values.put("cronworkflow.lastScheduledTime", last == null ? Scope.ABSENT : last.atZone(ZoneOffset.UTC));
        return Scope.of(values);
    }

    static CronWorkflowStatus with(CronWorkflowStatus status, String type, String message) {
        List<Condition> conditions = new ArrayList<>(status.conditions());
        conditions.removeIf(condition -> condition.type().equals(type));
        conditions.add(new Condition(type, "True", message));
        return status.withConditions(conditions);
    }

    static CronWorkflowStatus without(CronWorkflowStatus status, String type) {
        return status.withConditions(status.conditions().stream()
                .filter(condition -> !condition.type().equals(type))
                .toList());
    }
}
