package io.tiphys.expression.jq;

import io.tiphys.expression.GoJson;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Values of jq: null, Boolean, Double, String, List, and Map with sorted keys. */
final class Json {
    static final Comparator<@Nullable Object> ORDER = Json::compare;
    private static final int SHOWN = 30;
    private static final int MAX_TEXT = 16 << 20;

    private Json() {}

    /** As Jackson or Go read it, with sorted keys. */
    static @Nullable Object normal(@Nullable Object value) {
        return switch (value) {
            case Long number -> (Object) number.doubleValue();
            case List<?> list -> {
                List<@Nullable Object> copy = new ArrayList<>(list.size());
                list.forEach(element -> copy.add(normal(element)));
                yield copy;
            }
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> copy = new TreeMap<>();
                map.forEach((key, element) -> copy.put(String.valueOf(key), normal(element)));
                yield copy;
            }
            case null, default -> value;
        };
    }

    static String write(@Nullable Object value) {
        return switch (value) {
            case Double number when number.isNaN() -> "null";
            case Double number
            when number.isInfinite() -> number > 0 ? "1.7976931348623157e+308" : "-1.7976931348623157e+308";
            case null, default -> GoJson.unescaped(value);
        };
    }

    static String shortened(@Nullable Object value) {
        String text = write(value);
        return text.length() > SHOWN ? text.substring(0, SHOWN) + " ..." : text;
    }

    static String described(@Nullable Object value) {
        return typeOf(value) + " (" + shortened(value) + ")";
    }

    static String typeOf(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case Boolean _ -> "boolean";
            case Double _ -> "number";
            case String _ -> "string";
            case List<?> _ -> "array";
            default -> "object";
        };
    }

    static boolean truthy(@Nullable Object value) {
        return value != null && !Boolean.FALSE.equals(value);
    }

    static List<@Nullable Object> list(@Nullable Object value, String what) {
        if (value instanceof List<?> list) {
            @SuppressWarnings("unchecked") // lists of jq hold any of its values
            List<@Nullable Object> values = (List<@Nullable Object>) list;
            return values;
        }
        throw new JqError(what + ": " + described(value) + " is not an array");
    }

    static Map<String, @Nullable Object> object(@Nullable Object value, String what) {
        if (value instanceof Map<?, ?> map) {
            @SuppressWarnings("unchecked") // objects of jq have texts as keys
            Map<String, @Nullable Object> values = (Map<String, @Nullable Object>) map;
            return values;
        }
        throw new JqError(what + ": " + described(value) + " is not an object");
    }

    static String text(@Nullable Object value, String what) {
        if (value instanceof String text) {
            return text;
        }
        throw new JqError(what + ": " + described(value) + " is not a string");
    }

    static double number(@Nullable Object value, String what) {
        if (value instanceof Double number) {
            return number;
        }
        throw new JqError(what + ": " + described(value) + " is not a number");
    }

    /** Texts that blow themselves up are stopped. */
    static String limited(String text) {
        if (text.length() > MAX_TEXT) {
            throw new Flow.Exhausted();
        }
        return text;
    }

    private static int rank(@Nullable Object value) {
        return switch (value) {
            case null -> 0;
            case Boolean bool -> bool ? 2 : 1;
            case Double _ -> 3;
            case String _ -> 4;
            case List<?> _ -> 5;
            default -> 6;
        };
    }

    static int compare(@Nullable Object left, @Nullable Object right) {
        int order = Integer.compare(rank(left), rank(right));
        if (order != 0 || left == null || right == null) {
            return order;
        }
        if (left instanceof Double first && right instanceof Double second) {
            return first.isNaN() ? -1 : first < second ? -1 : first.doubleValue() == second ? 0 : 1;
        }
        if (left instanceof String first && right instanceof String second) {
            return first.compareTo(second);
        }
        if (left instanceof List<?> first && right instanceof List<?> second) {
            for (int i = 0; i < Math.min(first.size(), second.size()); i++) {
                order = compare(first.get(i), second.get(i));
                if (order != 0) {
                    return order;
                }
            }
            return Integer.compare(first.size(), second.size());
        }
        if (left instanceof Map<?, ?> first && right instanceof Map<?, ?> second) {
            order = compare(new ArrayList<>(first.keySet()), new ArrayList<>(second.keySet()));
            return order != 0 ? order : compare(new ArrayList<>(first.values()), new ArrayList<>(second.values()));
        }
        return 0;
    }
}
