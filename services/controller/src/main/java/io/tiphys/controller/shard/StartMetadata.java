package io.tiphys.controller.shard;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.tiphys.api.LabelValueFrom;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowMetadata;
import io.tiphys.api.WorkflowTemplateRef;
import io.tiphys.expression.Expr;
import io.tiphys.expression.Scope;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code spec.workflowMetadata}: labels and annotations that a workflow gets when it starts; its templates see them like any others. */
record StartMetadata(Map<String, String> labels, Map<String, String> annotations) {
    static final String LABEL_TEMPLATE = "workflows.argoproj.io/workflow-template";
    static final String LABEL_CLUSTER_TEMPLATE = "workflows.argoproj.io/cluster-workflow-template";
    static final StartMetadata NONE = new StartMetadata(Map.of(), Map.of());

    private static final Pattern LABEL_VALUE = Pattern.compile("(([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9])?");

    /** What can't be a label's value, or an expression that gives none; the message is the workflow's. */
    static final class Problem extends Exception {
        private static final long serialVersionUID = 1L;

        Problem(String message) {
            super(message);
        }
    }

    /**
     * What the spec asks for.
     *
     * @param scope the workflow's variables, for {@code labelsFrom}
     */
    static StartMetadata of(WorkflowMetadata wanted, Scope scope) throws Problem {
        Map<String, String> labels = new LinkedHashMap<>();
        for (var label : wanted.labels().entrySet()) {
            labels.put(label.getKey(), valid(label.getKey(), label.getValue()));
        }
        Scope both = withLabels(labels).orElse(scope);
        for (var label : wanted.labelsFrom().entrySet()) {
            labels.put(label.getKey(), valid(label.getKey(), value(label.getKey(), label.getValue(), both)));
        }
        return new StartMetadata(labels, wanted.annotations());
    }

    private static Scope withLabels(Map<String, String> labels) {
        Map<String, String> named = new LinkedHashMap<>();
        labels.forEach((name, value) -> named.put("workflow.labels." + name, value));
        return Scope.of(named);
    }

    private static String value(String name, LabelValueFrom from, Scope scope) throws Problem {
        return switch (Expr.compile(from.expression())) {
            case Expr.Compilation.Invalid(var message) ->
                throw new Problem("failed to compile label \"%s\" expression \"%s\": %s"
                        .formatted(name, from.expression(), message));
            case Expr.Compilation.Compiled(var expr) ->
                switch (expr.evaluate(scope)) {
                    case Expr.Evaluation.Failed(var message) ->
                        throw new Problem("failed to evaluate label \"%s\" expression \"%s\": %s"
                                .formatted(name, from.expression(), message));
                    case Expr.Evaluation.Value(var value) -> {
                        if (value instanceof String text) {
                            yield text;
                        }
                        throw new Problem(
                                "failed to evaluate label \"%s\" expression \"%s\" evaluted to %s, must be a string"
                                        .formatted(name, from.expression(), value));
                    }
                };
        };
    }

    private static String valid(String name, String value) throws Problem {
        if (!LABEL_VALUE.matcher(value).matches()) {
            throw new Problem(
                    "invalid label value \"%s\" for label \"%s\": at most 63 letters, digits, '-', '_' and '.', with a letter or digit at both ends"
                            .formatted(value, name));
        }
        return value;
    }

    /** Says which template the workflow instantiates, if it does. */
    static StartMetadata ofTemplate(@Nullable WorkflowTemplateRef ref) {
        return ref == null || ref.name() == null
                ? NONE
                : new StartMetadata(
                        Map.of(ref.clusterScope() ? LABEL_CLUSTER_TEMPLATE : LABEL_TEMPLATE, ref.name()), Map.of());
    }

    /** Both; where they differ, the other one. */
    StartMetadata and(StartMetadata other) {
        Map<String, String> bothLabels = new LinkedHashMap<>(labels);
        bothLabels.putAll(other.labels());
        Map<String, String> bothAnnotations = new LinkedHashMap<>(annotations);
        bothAnnotations.putAll(other.annotations());
        return new StartMetadata(bothLabels, bothAnnotations);
    }

    private boolean isEmpty() {
        return labels.isEmpty() && annotations.isEmpty();
    }

    /** Whether the workflow has all of it. */
    boolean isOn(Workflow workflow) {
        ObjectMeta meta = workflow.getMetadata();
        return has(meta.getLabels(), labels) && has(meta.getAnnotations(), annotations);
    }

    private static boolean has(@Nullable Map<String, String> all, Map<String, String> some) {
        return some.isEmpty() || (all != null && all.entrySet().containsAll(some.entrySet()));
    }

    Workflow on(Workflow workflow) {
        return isEmpty()
                ? workflow
                : workflow.withMetadata(new ObjectMetaBuilder(workflow.getMetadata())
                        .addToLabels(labels)
                        .addToAnnotations(annotations)
                        .build());
    }
}
