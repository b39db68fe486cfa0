package io.tiphys.expression.jq;

import org.jspecify.annotations.Nullable;

/** A compiled filter: gives any number of values for one input. */
@FunctionalInterface
interface Filter {
    /**
     * Pushes what it finds.
     *
     * @param path where the input stands, or null if nobody asks
     */
    void run(@Nullable Path path, @Nullable Object input, Env env, Sink out);

    /** Takes values. */
    @FunctionalInterface
    interface Sink {
        void accept(@Nullable Path path, @Nullable Object value);
    }

    /** A place in a value: the way from the root. */
    record Path(@Nullable Path parent, @Nullable Object key) {
        static final Path ROOT = new Path(null, null);

        static @Nullable Path child(@Nullable Path of, @Nullable Object key) {
            return of == null ? null : new Path(of, key);
        }
    }

    /** A filter whose values stand nowhere in the input. */
    static Filter ofValues(Values values) {
        return (path, input, env, out) -> {
            Sink checked = path == null
                    ? out
                    : (_, value) -> {
                        throw new JqError("Invalid path expression with result " + Json.shortened(value));
                    };
            values.run(input, env, value -> checked.accept(null, value));
        };
    }

    /** What {@link #ofValues} takes. */
    @FunctionalInterface
    interface Values {
        void run(@Nullable Object input, Env env, java.util.function.Consumer<@Nullable Object> out);
    }
}
