package io.tiphys.expression.jq;

import org.jspecify.annotations.Nullable;

/** An error that {@code try} catches; its value is what the handler gets. */
final class JqError extends RuntimeException {
    private final transient @Nullable Object value;

    JqError(@Nullable Object value) {
        super(value instanceof String text ? text : Json.write(value) + " (not a string)", null, false, false);
        this.value = value;
    }

    @Nullable
    Object value() {
        return value;
    }
}
