package io.tiphys.expression;

import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The variables that a text may refer to, under their full dotted names: {@code workflow.name}, {@code inputs.parameters.msg},
 * {@code steps.a.outputs.result}, {@code item.k}.
 *
 * <p>Values are normally texts (all parameters are). Expressions may also meet structured values: {@link Boolean}, {@link Long},
 * {@link Double}, {@link List}, {@link Map}, {@link Instant}, {@link java.time.Duration}. A simple tag can only show a text.
 */
@FunctionalInterface
public interface Scope {

    /**
     * Stands for an output that exists but has no value, because its step or task was skipped or omitted and the output has no default.
     * Expressions see {@code nil} (so {@code ??} works); a simple tag that meets it fails for good.
     */
    Object ABSENT = Absent.ABSENT;

    /** The only value of {@link #ABSENT}. */
    enum Absent {
        ABSENT
    }

    /** The value with exactly this dotted name, or null if there's none. */
    @Nullable
    Object get(String name);

    /**
     * All names with a value; expressions use them to see a group such as {@code inputs.parameters} as a map. A scope that can't list its
     * names still serves every reference by full name.
     */
    default Collection<String> names() {
        return List.of();
    }

    /** What {@code now()} returns; null where an expression may not depend on the time. */
    default @Nullable Instant now() {
        return null;
    }

    /** A scope with no names. */
    static Scope empty() {
        return name -> null;
    }

    /** A view on the map. */
    static Scope of(Map<String, ?> values) {
        return new Scope() {
            @Override
            public @Nullable Object get(String name) {
                return values.get(name);
            }

            @Override
            public Collection<String> names() {
                return Collections.unmodifiableSet(values.keySet());
            }
        };
    }

    /** This scope, and the other one for what this one doesn't know. */
    default Scope orElse(Scope fallback) {
        Scope first = this;
        return new Scope() {
            @Override
            public @Nullable Object get(String name) {
                Object value = first.get(name);
                return value != null ? value : fallback.get(name);
            }

            @Override
            public Collection<String> names() {
                Set<String> names = new LinkedHashSet<>(fallback.names());
                names.addAll(first.names());
                return names;
            }

            @Override
            public @Nullable Instant now() {
                Instant now = first.now();
                return now != null ? now : fallback.now();
            }
        };
    }

    /** This scope, evaluated at the given time. */
    default Scope at(Instant now) {
        Scope scope = this;
        return new Scope() {
            @Override
            public @Nullable Object get(String name) {
                return scope.get(name);
            }

            @Override
            public Collection<String> names() {
                return scope.names();
            }

            @Override
            public Instant now() {
                return now;
            }
        };
    }
}
