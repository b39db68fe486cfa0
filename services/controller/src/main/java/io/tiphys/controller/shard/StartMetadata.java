package io.tiphys.controller.shard;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.tiphys.api.LabelValueFrom;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowMetadata;
import io.tiphys.expression.Expr;
import io.tiphys.expression.Scope;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** {@code spec.workflowMetadata}: labels and annotations that a workflow gets when it starts; its templates see them like any others. */
record StartMetadata(Map<String, String> labels, Map<String, String> annotations) {
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

    boolean isEmpty() {
        return labels.isEmpty() && annotations.isEmpty();
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
