package io.tiphys.expression;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How expressions see a scope: dotted names as nested maps. Where a name has a value and also names below it
 * ({@code workflow.parameters}, {@code item}), the names below win.
 */
final class Variables {
    /** Last parts of names that may have both a value and names below them. */
    private static final Set<String> GROUPS =
            Set.of("item", "parameters", "artifacts", "labels", "annotations", "creationTimestamp");

    private Variables() {}

    /** The value of a name without dots, or null if names below it hide it. */
    static @Nullable Object bare(Scope scope, String name) {
        Object value = scope.get(name);
        return value != null && GROUPS.contains(name) && hasBelow(scope, name) ? null : value;
    }

    /** Whether evaluating the variable finds something, be it nil. */
    static boolean knows(Scope scope, Node.Variable variable) {
        if (scope.get(variable.name()) != null || hasBelow(scope, variable.name())) {
            return true;
        }
        return below(scope, variable) instanceof Found;
    }

    static @Nullable Object value(Scope scope, Node.Variable variable) {
        String name = variable.name();
        Object value = scope.get(name);
        if (value != null) {
            boolean group = GROUPS.contains(variable.path().getLast()) && hasBelow(scope, name);
            return group ? group(scope, name) : plain(value);
        }
        if (hasBelow(scope, name)) {
            return group(scope, name);
        }
        List<String> path = variable.path();
        return switch (below(scope, variable)) {
            case Found(var found) -> found;
            case Missing(var problem, var at) -> throw new ExprProblem(problem, at);
            case Unknown _ -> {
                if (!hasBelow(scope, path.getFirst())) {
                    throw new ExprProblem(ExprProblem.UNKNOWN_NAME + path.getFirst(), variable.at());
                }
                for (int i = 2; i < path.size(); i++) {
                    if (!hasBelow(scope, String.join(".", path.subList(0, i)))) {
                        throw new ExprProblem(
                                "cannot fetch " + path.get(i) + " from <nil>",
                                variable.places().get(i));
                    }
                }
                yield null;
            }
        };
    }

    /** What lies behind the longest part of the path that has a value of its own. */
    private sealed interface Inside {}

    private record Found(@Nullable Object value) implements Inside {}

    private record Missing(String problem, int at) implements Inside {}

    private record Unknown() implements Inside {}

    private static Inside below(Scope scope, Node.Variable variable) {
        List<String> path = variable.path();
        for (int length = path.size() - 1; length > 0; length--) {
            String prefix = length == 1 ? path.getFirst() : String.join(".", path.subList(0, length));
            Object value = scope.get(prefix);
            if (value == null) {
                continue;
            }
            if (GROUPS.contains(path.get(length - 1)) && hasBelow(scope, prefix)) {
                return new Unknown();
            }
            Object at = plain(value);
            for (int i = length; i < path.size(); i++) {
                if (!(at instanceof Map<?, ?> map)) {
                    return new Missing(
                            "cannot fetch " + path.get(i) + " from " + Values.typeName(at),
                            variable.places().get(i));
                }
                at = map.get(path.get(i));
            }
            return new Found(at);
        }
        return new Unknown();
    }

    private static boolean hasBelow(Scope scope, String name) {
        Collection<String> names = scope.names();
        if (names.isEmpty()) {
            return false;
        }
        String prefix = name + ".";
        for (String candidate : names) {
            if (candidate.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    private static Map<String, Object> group(Scope scope, String name) {
        String prefix = name + ".";
        Set<String> below = new TreeSet<>();
        for (String candidate : scope.names()) {
            if (candidate.startsWith(prefix)) {
                below.add(candidate);
            }
        }
        Map<String, Object> group = new LinkedHashMap<>();
        for (String candidate : below) {
            put(group, candidate.substring(prefix.length()), scope.get(candidate));
        }
        return group;
    }

    private static void put(Map<String, Object> group, String path, @Nullable Object value) {
        Map<String, Object> at = group;
        int start = 0;
        for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', start)) {
            String part = path.substring(start, dot);
            if (!(at.get(part) instanceof Map<?, ?>)) {
                at.put(part, new LinkedHashMap<String, Object>());
            }
            @SuppressWarnings("unchecked") // only maps made here
            Map<String, Object> inner = (Map<String, Object>) at.get(part);
            at = inner;
            start = dot + 1;
        }
        at.put(path.substring(start), plain(value));
    }

    private static @Nullable Object plain(@Nullable Object value) {
        return switch (value) {
            case Scope.Absent _ -> null;
            case Integer number -> number.longValue();
            case Float number -> number.doubleValue();
            case java.time.Instant instant -> instant.atZone(java.time.ZoneOffset.UTC);
            case null, default -> value;
        };
    }
}
