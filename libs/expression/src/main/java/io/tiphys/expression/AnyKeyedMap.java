package io.tiphys.expression;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code groupBy} and {@code fromPairs} give: its keys may be anything, so Go can't write it as JSON. */
final class AnyKeyedMap<K extends @Nullable Object, V extends @Nullable Object> extends LinkedHashMap<K, V> {

    /** The key, unless it is one that Go can't hash. */
    static @Nullable Object key(@Nullable Object key) {
        if (key instanceof List<?> || key instanceof Map<?, ?>) {
            throw new ExprProblem("runtime error: hash of unhashable type: " + Values.typeName(key));
        }
        return key;
    }
}
