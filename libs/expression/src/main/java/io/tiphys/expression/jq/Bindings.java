package io.tiphys.expression.jq;

import io.tiphys.expression.jq.JqParser.Pattern;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** {@code as}: takes values apart and gives the parts names, by the first of several patterns that fits. */
final class Bindings {
    private Bindings() {}

    static Filter bind(Filter of, List<Pattern> patterns, Filter body) {
        return (path, input, env, out) -> of.run(
                null,
                input,
                env,
                (_, value) -> bound(value, patterns, 0, env, inner -> body.run(path, input, inner, out)));
    }

    /** Of alternatives the first one that doesn't fail. */
    private static void bound(@Nullable Object value, List<Pattern> patterns, int index, Env env, Consumer<Env> body) {
        Env all = env;
        if (patterns.size() > 1) {
            for (Pattern pattern : patterns) {
                all = unset(pattern, all);
            }
        }
        if (index == patterns.size() - 1) {
            destructure(value, patterns.get(index), all, body);
            return;
        }
        try {
            destructure(value, patterns.get(index), all, body);
        } catch (JqError error) {
            bound(value, patterns, index + 1, env, body);
        }
    }

    private static Env unset(Pattern pattern, Env env) {
        Env all = env;
        switch (pattern) {
            case Pattern.Variable(var name) -> all = all.with(name, null);
            case Pattern.Elements(var elements) -> {
                for (Pattern element : elements) {
                    all = unset(element, all);
                }
            }
            case Pattern.Fields(var fields) -> {
                for (JqParser.Field field : fields) {
                    all = field.variable().isEmpty() ? all : all.with(field.variable(), null);
                    for (Pattern inner : field.value()) {
                        all = unset(inner, all);
                    }
                }
            }
        }
        return all;
    }

    private static void destructure(@Nullable Object value, Pattern pattern, Env env, Consumer<Env> body) {
        switch (pattern) {
            case Pattern.Variable(var name) -> body.accept(env.with(name, value));
            case Pattern.Elements(var elements) -> elements(value, elements, 0, env, body);
            case Pattern.Fields(var fields) -> fields(value, fields, 0, env, body);
        }
    }

    private static void elements(
            @Nullable Object value, List<Pattern> elements, int index, Env env, Consumer<Env> body) {
        if (value != null) {
            Json.list(value, "cannot destructure");
        }
        if (index == elements.size()) {
            body.accept(env);
            return;
        }
        destructure(
                Access.get(value, (double) index),
                elements.get(index),
                env,
                inner -> elements(value, elements, index + 1, inner, body));
    }

    private static void fields(
            @Nullable Object value, List<JqParser.Field> fields, int index, Env env, Consumer<Env> body) {
        if (index == fields.size()) {
            body.accept(env);
            return;
        }
        JqParser.Field field = fields.get(index);
        field.key().run(null, value, env, (_, key) -> {
            Object part = Access.get(value, key);
            Env inner = field.variable().isEmpty() ? env : env.with(field.variable(), part);
            if (field.value().isEmpty()) {
                fields(value, fields, index + 1, inner, body);
            } else {
                destructure(
                        part, field.value().getFirst(), inner, more -> fields(value, fields, index + 1, more, body));
            }
        });
    }
}
