package io.tiphys.expression.jq;

import io.tiphys.expression.MatchingWork;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Variables and functions that a filter sees; immutable, each binding refers to those around it. */
record Env(
        Steps steps,
        @Nullable Env outer,
        String name,
        @Nullable Object value,
        @Nullable Closure closure) {

    /** What one application may cost. */
    static final class Steps {
        private static final int MAX = 5_000_000;
        private int left = MAX;
        private final MatchingWork matching = new MatchingWork(Flow.Exhausted::new);

        void take(long count) {
            left -= (int) Math.min(count, MAX);
            if (left < 0) {
                throw new Flow.Exhausted();
            }
        }

        MatchingWork matching() {
            return matching;
        }
    }

    /** A function's body or an argument, with what it sees. */
    record Closure(
            List<String> parameters, Filter body, @Nullable Env scope) {}

    static Env root(Steps steps) {
        return new Env(steps, null, "", null, null);
    }

    Env with(String variable, @Nullable Object bound) {
        return new Env(steps, this, "$" + variable, bound, null);
    }

    /** A function sees itself; an argument sees the caller's surroundings. */
    Env define(String function, Closure definition) {
        return new Env(steps, this, function, null, definition);
    }

    @Nullable
    Object variable(String variable) {
        String key = "$" + variable;
        for (Env env = this; env != null; env = env.outer) {
            if (env.name.equals(key)) {
                return env.value;
            }
        }
        throw new JqError("$" + variable + " is not defined");
    }

    /** The binding of a function, with its surroundings. */
    @Nullable
    Env function(String key) {
        for (Env env = this; env != null; env = env.outer) {
            if (env.closure != null && env.name.equals(key)) {
                return env;
            }
        }
        return null;
    }
}
