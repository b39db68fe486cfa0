package io.tiphys.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Stream;

/** Which objects a quota counts: all, or the pods that its scopes name. */
final class QuotaScopes {
    private QuotaScopes() {}

    static boolean include(JsonNode quota, ResourceType type, QuotaUsage usage) {
        return include(quota, type.isPod(), usage);
    }

    /** With a scope a quota counts nothing but pods. */
    static boolean include(JsonNode quota, boolean isPod, QuotaUsage usage) {
        JsonNode spec = quota.path("spec");
        JsonNode scopes = spec.path("scopes");
        JsonNode selector = spec.path("scopeSelector").path("matchExpressions");
        if (scopes.isEmpty() && selector.isEmpty()) {
            return true;
        }
        return isPod
                && Stream.concat(
                                scopes.valueStream().map(scope -> has(usage, scope.asText())),
                                selector.valueStream().map(expression -> matches(usage, expression)))
                        .allMatch(Boolean::booleanValue);
    }

    private static boolean has(QuotaUsage usage, String scope) {
        return switch (scope) {
            case "Terminating" -> usage.terminating();
            case "NotTerminating" -> !usage.terminating();
            case "BestEffort" -> usage.bestEffort();
            case "NotBestEffort" -> !usage.bestEffort();
            case "PriorityClass" -> !usage.priorityClass().isEmpty();
            default -> false;
        };
    }

    private static boolean matches(QuotaUsage usage, JsonNode expression) {
        String scope = expression.path("scopeName").asText("");
        boolean isNamed = expression
                .path("values")
                .valueStream()
                .anyMatch(value -> value.asText().equals(usage.priorityClass()));
        return switch (expression.path("operator").asText("")) {
            case "In" -> scope.equals("PriorityClass") && isNamed;
            case "NotIn" -> scope.equals("PriorityClass") && !isNamed;
            case "DoesNotExist" -> !has(usage, scope);
            default -> has(usage, scope);
        };
    }
}
