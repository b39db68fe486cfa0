package io.tiphys.expression.jq;

import io.tiphys.expression.jq.Filter.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code path |= f} and its relatives: values with parts changed. */
final class Updates {
    private Updates() {}

    /** The places that a path filter finds. */
    static List<List<@Nullable Object>> paths(Filter filter, @Nullable Object input, Env env) {
        List<List<@Nullable Object>> paths = new ArrayList<>();
        filter.run(Path.ROOT, input, env, (path, _) -> {
            env.steps().take(1);
            paths.add(path == null ? List.of() : Access.keys(path));
        });
        return paths;
    }

    static Filter assign(Filter path, Filter value) {
        return Filter.ofValues((input, env, out) -> value.run(null, input, env, (_, assigned) -> {
            Object result = input;
            for (List<@Nullable Object> at : paths(path, input, env)) {
                result = Access.set(result, at, _ -> assigned);
            }
            out.accept(result);
        }));
    }

    static Filter update(String operator, Filter path, Filter change) {
        if (operator.equals("|=")) {
            return Filter.ofValues((input, env, out) -> out.accept(modified(path, change, input, env)));
        }
        String arithmetic = operator.substring(0, operator.length() - 1);
        return Filter.ofValues((input, env, out) -> change.run(null, input, env, (_, value) -> {
            Object result = input;
            for (List<@Nullable Object> at : paths(path, input, env)) {
                result = Access.set(
                        result,
                        at,
                        old -> arithmetic.equals("//")
                                ? (Json.truthy(old) ? old : value)
                                : Operations.apply(arithmetic, old, value));
            }
            out.accept(result);
        }));
    }

    /** What the change gives nothing for is deleted. */
    static @Nullable Object modified(Filter path, Filter change, @Nullable Object input, Env env) {
        Object result = input;
        List<List<@Nullable Object>> gone = new ArrayList<>();
        for (List<@Nullable Object> at : paths(path, input, env)) {
            List<@Nullable Object> next = Filters.all(Builtins.first(change), Access.at(result, at), env);
            if (next.isEmpty()) {
                gone.add(at);
            } else {
                result = Access.set(result, at, _ -> next.getFirst());
            }
        }
        return deleted(result, gone);
    }

    /** From the last place to the first, so that none moves before its turn. */
    static @Nullable Object deleted(@Nullable Object value, List<List<@Nullable Object>> paths) {
        List<List<@Nullable Object>> sorted = new ArrayList<>(paths);
        sorted.sort(Json.ORDER);
        Object result = value;
        for (List<@Nullable Object> path : sorted.reversed()) {
            result = Access.delete(result, path);
        }
        return result;
    }
}
