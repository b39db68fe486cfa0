package io.tiphys.submitter.event;

import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.expression.Expr;
import io.tiphys.expression.Scope;
import io.tiphys.messages.Records;
import io.tiphys.messages.Trigger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What expressions of a WorkflowEventBinding see: {@code payload}, {@code metadata}, {@code discriminator}, {@code namespace}. */
final class TriggerEnvironment {
    private static final Set<String> NAMES = Set.of("payload", "metadata", "discriminator", "namespace");

    private final Map<String, Object> values = new HashMap<>();

    TriggerEnvironment(Trigger trigger) {
        values.put("namespace", trigger.namespace());
        values.put("discriminator", trigger.discriminator());
        values.put("metadata", trigger.metadata());
        JsonNode payload = trigger.payload();
        if (payload != null && !payload.isNull()) {
            values.put("payload", Records.mapper().convertValue(payload, Object.class));
        } else {
            values.put("payload", Map.of());
        }
    }

    /** An expression without a value; the message is for the user. */
    static final class BadExpression extends Exception {
        BadExpression(String message) {
            super(message);
        }
    }

    boolean matches(String selector) throws BadExpression {
        return switch (compile(selector).evaluateBoolean(Scope.of(values))) {
            case Expr.Evaluation.Value(var value) -> Boolean.TRUE.equals(value);
            case Expr.Evaluation.Failed(var message) -> throw new BadExpression(message);
        };
    }

    @Nullable
    Object evaluate(String expression) throws BadExpression {
        return switch (compile(expression).evaluate(Scope.of(values))) {
            case Expr.Evaluation.Value(var value) -> value;
            case Expr.Evaluation.Failed(var message) -> throw new BadExpression(message);
        };
    }

    private static Expr compile(String source) throws BadExpression {
        return switch (Expr.compile(source)) {
            case Expr.Compilation.Invalid(var message) -> throw new BadExpression(message);
            case Expr.Compilation.Compiled(var expression) -> {
                List<String> unknown = expression.references().stream()
                        .map(name -> name.split("[.\\[]", 2)[0])
                        .filter(name -> !NAMES.contains(name))
                        .toList();
                if (!unknown.isEmpty()) {
                    throw new BadExpression("unknown name " + unknown.getFirst()
                            + "; known: payload, metadata, discriminator, namespace");
                }
                yield expression;
            }
        };
    }
}
