package io.tiphys.expression.jq;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The binary operators. */
final class Operations {
    private Operations() {}

    static @Nullable Object apply(String operator, @Nullable Object left, @Nullable Object right) {
        return switch (operator) {
            case "+" -> plus(left, right);
            case "-" -> minus(left, right);
            case "*" -> times(left, right);
            case "/" -> divided(left, right);
            case "%" -> modulo(left, right);
            case "==" -> Json.compare(left, right) == 0;
            case "!=" -> Json.compare(left, right) != 0;
            case "<" -> Json.compare(left, right) < 0;
            case "<=" -> Json.compare(left, right) <= 0;
            case ">" -> Json.compare(left, right) > 0;
            case ">=" -> Json.compare(left, right) >= 0;
            default -> throw new IllegalStateException(operator);
        };
    }

    private static JqError wrong(String verb, @Nullable Object left, @Nullable Object right) {
        return new JqError("cannot " + verb + ": " + Json.described(left) + " and " + Json.described(right));
    }

    static @Nullable Object plus(@Nullable Object left, @Nullable Object right) {
        if (left == null || right == null) {
            return left == null ? right : left;
        }
        if (left instanceof Double first && right instanceof Double second) {
            return first + second;
        }
        if (left instanceof String first && right instanceof String second) {
            return Json.limited(first + second);
        }
        if (left instanceof List<?> first && right instanceof List<?> second) {
            List<@Nullable Object> all = new ArrayList<>(first);
            all.addAll(second);
            return all;
        }
        if (left instanceof Map<?, ?> && right instanceof Map<?, ?>) {
            Map<String, @Nullable Object> all = new TreeMap<>(Json.object(left, "add"));
            all.putAll(Json.object(right, "add"));
            return all;
        }
        throw wrong("add", left, right);
    }

    private static Object minus(@Nullable Object left, @Nullable Object right) {
        if (left instanceof Double first && right instanceof Double second) {
            return first - second;
        }
        if (left instanceof List<?> first && right instanceof List<?> second) {
            List<@Nullable Object> rest = new ArrayList<>(first);
            rest.removeIf(element -> second.stream().anyMatch(other -> Json.compare(element, other) == 0));
            return rest;
        }
        throw wrong("subtract", left, right);
    }

    private static @Nullable Object times(@Nullable Object left, @Nullable Object right) {
        if (left instanceof Double first && right instanceof Double second) {
            return first * second;
        }
        if (left instanceof String text && right instanceof Double count) {
            return repeated(text, count);
        }
        if (left instanceof Double count && right instanceof String text) {
            return repeated(text, count);
        }
        if (left instanceof Map<?, ?> && right instanceof Map<?, ?>) {
            Map<String, @Nullable Object> merged = new TreeMap<>(Json.object(left, "multiply"));
            Json.object(right, "multiply")
                    .forEach((key, value) -> merged.put(
                            key,
                            value instanceof Map<?, ?> && merged.get(key) instanceof Map<?, ?>
                                    ? times(merged.get(key), value)
                                    : value));
            return merged;
        }
        throw wrong("multiply", left, right);
    }

    private static @Nullable Object repeated(String text, double count) {
        if (count < 0 || Double.isNaN(count)) {
            return null;
        }
        if (text.length() * count > 1 << 24) {
            throw new JqError("repeat string result too long");
        }
        return text.repeat((int) count);
    }

    private static Object divided(@Nullable Object left, @Nullable Object right) {
        if (left instanceof Double first && right instanceof Double second) {
            if (second == 0) {
                throw new JqError("cannot divide " + Json.described(left) + " by: " + Json.described(right));
            }
            return first / second;
        }
        if (left instanceof String text && right instanceof String separator) {
            return Builtins.split(text, separator);
        }
        throw wrong("divide", left, right);
    }

    private static Object modulo(@Nullable Object left, @Nullable Object right) {
        if (left instanceof Double first && right instanceof Double second) {
            long divisor = (long) second.doubleValue();
            if (divisor == 0) {
                throw new JqError("cannot modulo " + Json.described(left) + " by: " + Json.described(right));
            }
            return (double) ((long) first.doubleValue() % Math.abs(divisor));
        }
        throw wrong("modulo", left, right);
    }

    static List<@Nullable Object> indices(List<?> of, List<?> wanted) {
        List<@Nullable Object> found = new ArrayList<>();
        for (int i = 0; !wanted.isEmpty() && i + wanted.size() <= of.size(); i++) {
            if (Json.compare(of.subList(i, i + wanted.size()), wanted) == 0) {
                found.add((double) i);
            }
        }
        return found;
    }

    static boolean contains(@Nullable Object outer, @Nullable Object inner) {
        if (outer instanceof Map<?, ?> first && inner instanceof Map<?, ?> second) {
            return second.entrySet().stream()
                    .allMatch(entry ->
                            first.containsKey(entry.getKey()) && contains(first.get(entry.getKey()), entry.getValue()));
        }
        if (outer instanceof List<?> first && inner instanceof List<?> second) {
            return second.stream().allMatch(wanted -> first.stream().anyMatch(each -> contains(each, wanted)));
        }
        if (outer instanceof String first && inner instanceof String second) {
            return first.contains(second);
        }
        if (!Json.typeOf(outer).equals(Json.typeOf(inner))) {
            throw wrong("check contains", outer, inner);
        }
        return Json.compare(outer, inner) == 0;
    }
}
