package io.tiphys.expression.jq;

import io.tiphys.expression.jq.Filter.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Parts of values: reading them, and values with a part changed. A slice is a key of the form {@code {start, end}}. */
final class Access {
    private static final int MAX_INDEX = 1_000_000;

    private Access() {}

    static @Nullable Object get(@Nullable Object of, @Nullable Object key) {
        if (of == null && (key == null || key instanceof String || key instanceof Double || key instanceof Map<?, ?>)) {
            return null;
        }
        if (of instanceof Map<?, ?> map && key instanceof String name) {
            return map.get(name);
        }
        if (of instanceof List<?> list && key instanceof Double number) {
            long index = (long) Math.floor(number);
            long at = index < 0 ? index + list.size() : index;
            return number.isNaN() || at < 0 || at >= list.size() ? null : list.get((int) at);
        }
        if (of instanceof String && key instanceof Double number) {
            Object character = slice(of, number, number == -1 ? null : (Object) (number + 1));
            return "".equals(character) ? null : character;
        }
        if (key instanceof Map<?, ?> slice) {
            return slice(of, slice.get("start"), slice.get("end"));
        }
        if (of instanceof List<?> list && key instanceof List<?> wanted) {
            return Operations.indices(list, wanted);
        }
        throw new JqError(
                key instanceof String name
                        ? "expected an object but got: " + Json.described(of) + " for \"" + name + "\""
                        : "cannot index " + Json.typeOf(of) + " with " + Json.described(key));
    }

    private static @Nullable Object slice(@Nullable Object of, @Nullable Object from, @Nullable Object to) {
        return switch (of) {
            case null -> null;
            case List<?> list -> {
                int start = bound(from, list.size(), 0, false);
                int end = Math.max(start, bound(to, list.size(), list.size(), true));
                yield new ArrayList<>(list.subList(start, end));
            }
            case String text -> {
                int length = text.codePointCount(0, text.length());
                int start = bound(from, length, 0, false);
                int end = Math.max(start, bound(to, length, length, true));
                yield text.substring(text.offsetByCodePoints(0, start), text.offsetByCodePoints(0, end));
            }
            default -> throw new JqError("cannot slice " + Json.described(of));
        };
    }

    private static int bound(@Nullable Object index, int length, int otherwise, boolean up) {
        if (index == null) {
            return otherwise;
        }
        double number = Json.number(index, "slice");
        double whole = up ? Math.ceil(number) : Math.floor(number);
        return (int) Math.clamp(whole < 0 ? whole + length : whole, 0, length);
    }

    static List<@Nullable Object> keys(Path path) {
        List<@Nullable Object> keys = new ArrayList<>();
        for (Path at = path; at.parent() != null; at = at.parent()) {
            keys.add(at.key());
        }
        return new ArrayList<>(keys.reversed());
    }

    static @Nullable Object at(@Nullable Object of, List<?> path) {
        Object value = of;
        for (Object key : path) {
            if (value == null) {
                return null;
            }
            value = get(value, key);
        }
        return value;
    }

    /** The value with another part at the path. */
    static @Nullable Object set(@Nullable Object of, List<?> path, UnaryOperator<@Nullable Object> change) {
        if (path.isEmpty()) {
            return change.apply(of);
        }
        Object key = path.getFirst();
        List<?> rest = path.subList(1, path.size());
        if (key instanceof Map<?, ?> slice) {
            return setSlice(of, slice, set(get(of, key), rest, change));
        }
        if (key instanceof String name && (of == null || of instanceof Map<?, ?>)) {
            Map<String, @Nullable Object> copy = of == null ? new TreeMap<>() : new TreeMap<>(Json.object(of, "set"));
            copy.put(name, set(copy.get(name), rest, change));
            return copy;
        }
        if (key instanceof Double number && (of == null || of instanceof List<?>)) {
            List<@Nullable Object> copy = of == null ? new ArrayList<>() : new ArrayList<>(Json.list(of, "set"));
            long index = (long) Math.floor(number);
            long at = index < 0 ? index + copy.size() : index;
            if (at < 0) {
                throw new JqError("array index should not be negative: " + index);
            }
            if (at > MAX_INDEX) {
                throw new JqError("array index is too large: " + index);
            }
            while (copy.size() <= at) {
                copy.add(null);
            }
            copy.set((int) at, set(copy.get((int) at), rest, change));
            return copy;
        }
        return get(of, key);
    }

    private static Object setSlice(@Nullable Object of, Map<?, ?> slice, @Nullable Object value) {
        List<@Nullable Object> list = of == null ? List.of() : Json.list(of, "set");
        int start = bound(slice.get("start"), list.size(), 0, false);
        int end = Math.max(start, bound(slice.get("end"), list.size(), list.size(), true));
        List<@Nullable Object> copy = new ArrayList<>(list.subList(0, start));
        copy.addAll(Json.list(value, "a slice of an array can only be assigned another array"));
        copy.addAll(list.subList(end, list.size()));
        return copy;
    }

    static @Nullable Object delete(@Nullable Object of, List<?> path) {
        if (of == null || path.isEmpty()) {
            return null;
        }
        Object key = path.getFirst();
        if (path.size() > 1) {
            return get(of, key) == null
                    ? of
                    : set(of, List.of(key == null ? "" : key), part -> delete(part, path.subList(1, path.size())));
        }
        if (of instanceof Map<?, ?> && key instanceof String name) {
            Map<String, @Nullable Object> copy = new TreeMap<>(Json.object(of, "delete"));
            copy.remove(name);
            return copy;
        }
        if (of instanceof List<?> && key instanceof Map<?, ?> slice) {
            return setSlice(of, slice, List.of());
        }
        if (of instanceof List<?> list && key instanceof Double number) {
            int index = (int) Math.floor(number);
            int at = index < 0 ? index + list.size() : index;
            List<@Nullable Object> copy = new ArrayList<>(list);
            if (at >= 0 && at < copy.size()) {
                copy.remove(at);
            }
            return copy;
        }
        throw new JqError("cannot delete " + Json.described(key) + " of " + Json.typeOf(of));
    }
}
