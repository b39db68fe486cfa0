package io.tiphys.api;

import io.fabric8.kubernetes.api.model.Container;
import java.util.AbstractMap;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Immutable copies of what a record is given: nothing for {@code null}, maps in the order they came. */
final class Frozen {
    private Frozen() {}

    static <T> List<T> list(@Nullable List<? extends @Nullable T> values) {
        if (values == null || values.isEmpty()) {
            return List.of();
        }
        for (T value : values) {
            if (value == null) {
                return values.stream().filter(Objects::nonNull).<T>map(v -> v).toList();
            }
        }
        @SuppressWarnings("unchecked") // a list that is only read may be seen as one of a wider type
        var whole = (List<T>) List.copyOf(values);
        return whole;
    }

    static <V> Map<String, V> map(@Nullable Map<String, V> values) {
        if (values == null || values.isEmpty()) {
            return Map.of();
        }
        return values instanceof FrozenMap<V> ? values : new FrozenMap<>(values);
    }

    /** The container itself, changed if need be: nothing in its lists is {@code null} then. Kubernetes' types don't look after that. */
    static Container container(Container container) {
        for (List<?> list : Arrays.asList(
                container.getCommand(),
                container.getArgs(),
                container.getEnv(),
                container.getEnvFrom(),
                container.getPorts(),
                container.getResizePolicy(),
                container.getVolumeMounts(),
                container.getVolumeDevices())) {
            if (list != null && list.stream().anyMatch(Objects::isNull)) {
                list.removeIf(Objects::isNull);
            }
        }
        return container;
    }

    private static final class FrozenMap<V> extends AbstractMap<String, V> {
        private final LinkedHashMap<String, V> entries;

        FrozenMap(Map<String, V> values) {
            entries = new LinkedHashMap<>(values);
            entries.values().removeIf(Objects::isNull);
        }

        @Override
        public Set<Entry<String, V>> entrySet() {
            return java.util.Collections.unmodifiableMap(entries).entrySet();
        }

        @Override
        public @Nullable V get(@Nullable Object key) {
            return entries.get(key);
        }

        @Override
        public boolean containsKey(@Nullable Object key) {
            return entries.containsKey(key);
        }

        @Override
        public int size() {
            return entries.size();
        }
    }
}
