package io.tiphys.api;

import org.jspecify.annotations.Nullable;

/** Reuses the outputs of an earlier node with the same key. */
@ArgoType
public record Memoize(String key, @Nullable Cache cache, String maxAge) implements MemoizeBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public Memoize {
        key = key == null ? "" : key;
        maxAge = maxAge == null ? "" : maxAge;
    }
}
