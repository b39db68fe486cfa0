package io.tiphys.expression.jq;

import io.tiphys.expression.jq.Env.Closure;
import io.tiphys.expression.jq.Filter.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What each form of the language does. */
final class Filters {
    static final Filter IDENTITY = (path, input, _, out) -> out.accept(path, input);
    static final Filter EMPTY = (_, _, _, _) -> {};

    private Filters() {}

    static Filter constant(@Nullable Object value) {
        Object normal = Json.normal(value);
        return Filter.ofValues((_, env, out) -> {
            env.steps().take(1);
            out.accept(normal);
        });
    }

    static Filter variable(String name) {
        return Filter.ofValues((_, env, out) -> out.accept(name.equals("ENV") ? Map.of() : env.variable(name)));
    }

    static Filter pipe(Filter left, Filter right) {
        return (path, input, env, out) -> {
            env.steps().take(1);
            left.run(path, input, env, (at, value) -> right.run(at, value, env, out));
        };
    }

    static Filter comma(Filter left, Filter right) {
        return (path, input, env, out) -> {
            left.run(path, input, env, out);
            right.run(path, input, env, out);
        };
    }

    static Filter index(Filter of, Filter key) {
        return (path, input, env, out) -> of.run(
                path,
                input,
                env,
                (at, value) -> key.run(null, input, env, (_, name) -> {
                    env.steps().take(1);
                    out.accept(Path.child(at, name), Access.get(value, name));
                }));
    }

    static Filter slice(Filter of, @Nullable Filter from, @Nullable Filter to) {
        Filter start = from == null ? constant(null) : from;
        Filter end = to == null ? constant(null) : to;
        return (path, input, env, out) -> of.run(
                path,
                input,
                env,
                (at, value) -> end.run(
                        null,
                        input,
                        env,
                        (_, last) -> start.run(null, input, env, (_, first) -> {
                            Map<String, @Nullable Object> key = new TreeMap<>();
                            key.put("start", first);
                            key.put("end", last);
                            out.accept(Path.child(at, key), Access.get(value, key));
                        })));
    }

    static Filter each(Filter of) {
        return (path, input, env, out) -> of.run(path, input, env, (at, value) -> {
            switch (value) {
                case List<?> list -> {
                    env.steps().take(list.size());
                    for (int i = 0; i < list.size(); i++) {
                        out.accept(at == null ? null : new Path(at, (double) i), list.get(i));
                    }
                }
                case Map<?, ?> map -> {
                    env.steps().take(map.size());
                    map.forEach((key, element) -> out.accept(at == null ? null : new Path(at, key), element));
                }
                case null, default -> throw new JqError("cannot iterate over: " + Json.described(value));
            }
        });
    }

    static Filter collect(Filter of) {
        return Filter.ofValues((input, env, out) -> out.accept(all(of, input, env)));
    }

    /** Everything that the filter gives. */
    static List<@Nullable Object> all(Filter of, @Nullable Object input, Env env) {
        List<@Nullable Object> values = new ArrayList<>();
        of.run(null, input, env, (_, value) -> {
            env.steps().take(1);
            values.add(value);
        });
        return values;
    }

    static Filter object(List<Filter> keys, List<Filter> values) {
        return Filter.ofValues((input, env, out) -> entries(keys, values, 0, new TreeMap<>(), input, env, out));
    }

    private static void entries(
            List<Filter> keys,
            List<Filter> values,
            int index,
            Map<String, @Nullable Object> soFar,
            @Nullable Object input,
            Env env,
            Consumer<@Nullable Object> out) {
        if (index == keys.size()) {
            out.accept(soFar);
            return;
        }
        keys.get(index).run(null, input, env, (_, key) -> {
            String name = Json.text(key, "expected a string for object key");
            values.get(index).run(null, input, env, (_, value) -> {
                env.steps().take(1);
                Map<String, @Nullable Object> more = new TreeMap<>(soFar);
                more.put(name, value);
                entries(keys, values, index + 1, more, input, env, out);
            });
        });
    }

    static Filter negate(Filter of) {
        return Filter.ofValues((input, env, out) ->
                of.run(null, input, env, (_, value) -> out.accept(-Json.number(value, "cannot negate"))));
    }

    /** The right side comes first, as in jq. */
    static Filter binary(String operator, Filter left, Filter right) {
        return Filter.ofValues((input, env, out) -> right.run(
                null,
                input,
                env,
                (_, second) -> left.run(null, input, env, (_, first) -> {
                    env.steps().take(1);
                    out.accept(Operations.apply(operator, first, second));
                })));
    }

    static Filter logical(Filter left, Filter right, boolean and) {
        return Filter.ofValues((input, env, out) -> left.run(null, input, env, (_, first) -> {
            if (Json.truthy(first) != and) {
                out.accept(!and);
            } else {
                right.run(null, input, env, (_, second) -> out.accept(Json.truthy(second)));
            }
        }));
    }

    static Filter alternative(Filter left, Filter right) {
        return (path, input, env, out) -> {
            boolean[] found = new boolean[1];
            attempt(left, EMPTY).run(path, input, env, (at, value) -> {
                if (Json.truthy(value)) {
                    found[0] = true;
                    out.accept(at, value);
                }
            });
            if (!found[0]) {
                right.run(path, input, env, out);
            }
        };
    }

    static Filter conditional(Filter condition, Filter then, Filter otherwise) {
        return (path, input, env, out) -> condition.run(
                null, input, env, (_, holds) -> (Json.truthy(holds) ? then : otherwise).run(path, input, env, out));
    }

    /** Errors further on are no errors of the body. */
    static Filter attempt(Filter body, @Nullable Filter handler) {
        return (path, input, env, out) -> {
            Flow.Passing[] mine = new Flow.Passing[1];
            try {
                body.run(path, input, env, (at, value) -> {
                    try {
                        out.accept(at, value);
                    } catch (JqError error) {
                        mine[0] = new Flow.Passing(error);
                        throw mine[0];
                    }
                });
            } catch (Flow.Passing passing) {
                if (passing == mine[0]) {
                    throw passing.error();
                }
                throw passing;
            } catch (JqError error) {
                if (handler != null) {
                    handler.run(null, error.value(), env, out);
                }
            }
        };
    }

    static Filter label(String label, Filter body) {
        return (path, input, env, out) -> {
            Flow.Break here = new Flow.Break();
            try {
                body.run(path, input, env.with("*" + label, here), out);
            } catch (Flow.Break left) {
                if (left != here) {
                    throw left;
                }
            }
        };
    }

    static Filter leave(String label) {
        return (_, _, env, _) -> {
            if (env.variable("*" + label) instanceof Flow.Break to) {
                throw to;
            }
        };
    }

    static Filter reduce(Filter over, String variable, Filter start, Filter update) {
        return Filter.ofValues((input, env, out) -> start.run(null, input, env, (_, first) -> {
            @Nullable Object[] state = {first};
            over.run(null, input, env, (_, element) -> {
                env.steps().take(1);
                List<@Nullable Object> next = all(update, state[0], env.with(variable, element));
                state[0] = next.isEmpty() ? null : next.getLast();
            });
            out.accept(state[0]);
        }));
    }

    static Filter foreach(Filter over, String variable, Filter start, Filter update, @Nullable Filter extract) {
        Filter shown = extract == null ? IDENTITY : extract;
        return Filter.ofValues((input, env, out) -> start.run(null, input, env, (_, first) -> {
            @Nullable Object[] state = {first};
            over.run(null, input, env, (_, element) -> {
                env.steps().take(1);
                Env inner = env.with(variable, element);
                update.run(null, state[0], inner, (_, next) -> {
                    state[0] = next;
                    shown.run(null, next, inner, (_, value) -> out.accept(value));
                });
            });
        }));
    }

    static Filter define(String key, List<String> parameters, Filter body, Filter rest) {
        return (path, input, env, out) ->
                rest.run(path, input, env.define(key, new Closure(parameters, body, null)), out);
    }

    static Filter format(String format) {
        return Filter.ofValues((input, _, out) -> out.accept(Json.limited(Formats.apply(format, input))));
    }

    /** A call of a function: of one that the filter defines, or of a built-in one. */
    static Filter call(String key, List<Filter> arguments) {
        return (path, input, env, out) -> {
            env.steps().take(1);
            Env binding = env.function(key);
            if (binding != null && binding.closure() != null) {
                called(binding, binding.closure(), arguments, path, input, env, out);
                return;
            }
            Filter builtIn = Builtins.named(key, arguments);
            if (builtIn == null) {
                throw new JqError("function not defined: " + key);
            }
            builtIn.run(path, input, env, out);
        };
    }

    static void called(
            Env binding,
            Closure function,
            List<Filter> arguments,
            @Nullable Path path,
            @Nullable Object input,
            Env caller,
            Filter.Sink out) {
        // an argument is evaluated where it was written, a function where it was defined
        Env scope = function.scope() == null ? binding : function.scope();
        arguments(
                function,
                arguments,
                0,
                scope,
                caller,
                input,
                inner -> function.body().run(path, input, inner, out));
    }

    private static void arguments(
            Closure function,
            List<Filter> arguments,
            int index,
            Env scope,
            Env caller,
            @Nullable Object input,
            Consumer<Env> body) {
        if (index == arguments.size()) {
            body.accept(scope);
            return;
        }
        String parameter = function.parameters().get(index);
        Filter argument = arguments.get(index);
        if (!parameter.startsWith("$")) {
            Env inner = scope.define(parameter + "/0", new Closure(List.of(), argument, caller));
            arguments(function, arguments, index + 1, inner, caller, input, body);
            return;
        }
        String name = parameter.substring(1);
        argument.run(null, input, caller, (_, value) -> {
            Env inner = scope.with(name, value).define(name + "/0", new Closure(List.of(), constant(value), caller));
            arguments(function, arguments, index + 1, inner, caller, input, body);
        });
    }
}
