package io.tiphys.expression.jq;

import io.tiphys.expression.GoJson;
import io.tiphys.expression.Strftime;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Built-in functions that make one value of the input and the values of their arguments. */
final class ValueFunctions {
    private static final Map<String, Function> ALL = new HashMap<>();
    private static final int MAX_DEPTH = 500;

    private ValueFunctions() {}

    @FunctionalInterface
    interface Function {
        @Nullable
        Object apply(@Nullable Object input, List<@Nullable Object> given);
    }

    static {
        structure();
        numbers();
        texts();
        times();
    }

    static @Nullable Function named(String key) {
        return ALL.get(key);
    }

    private static void structure() {
        ALL.put("type/0", (in, _) -> Json.typeOf(in));
        ALL.put("length/0", (in, _) -> length(in));
        ALL.put("keys/0", (in, _) -> keys(in));
        ALL.put("keys_unsorted/0", (in, _) -> keys(in));
        ALL.put("has/1", (in, a) -> has(in, a.getFirst()));
        ALL.put("contains/1", (in, a) -> Operations.contains(in, a.getFirst()));
        ALL.put("reverse/0", (in, _) -> reversed(in));
        ALL.put("flatten/0", (in, _) -> flat(Json.list(in, "cannot flatten"), MAX_DEPTH));
        ALL.put("flatten/1", (in, a) -> {
            double depth = Json.number(a.getFirst(), "flatten");
            if (depth < 0) {
                throw new JqError("flatten depth should not be negative: " + Json.write(depth));
            }
            return flat(Json.list(in, "cannot flatten"), (int) Math.min(depth, MAX_DEPTH));
        });
        ALL.put("sort/0", (in, _) -> {
            List<@Nullable Object> sorted = new ArrayList<>(Json.list(in, "cannot sort"));
            sorted.sort(Json.ORDER);
            return sorted;
        });
        ALL.put("_sort_by/1", (@Nullable Object in, List<@Nullable Object> a) -> {
            List<@Nullable Object> sorted = new ArrayList<>();
            ordered(in, a)
                    .forEach(index -> sorted.add(Json.list(in, "cannot sort").get(index)));
            return sorted;
        });
        ALL.put("_group_by/1", ValueFunctions::grouped);
        ALL.put("_min_by/1", (@Nullable Object in, List<@Nullable Object> a) -> extreme(in, a, false));
        ALL.put("_max_by/1", (@Nullable Object in, List<@Nullable Object> a) -> extreme(in, a, true));
        ALL.put("transpose/0", (in, _) -> transposed(Json.list(in, "cannot transpose")));
        ALL.put("setpath/2", (in, a) -> Access.set(in, Json.list(a.get(0), "setpath"), _ -> a.get(1)));
        ALL.put("delpaths/1", (in, a) -> {
            List<List<@Nullable Object>> paths = new ArrayList<>();
            Json.list(a.getFirst(), "delpaths").forEach(path -> paths.add(Json.list(path, "delpaths")));
            return Updates.deleted(in, paths);
        });
        ALL.put("indices/1", (in, a) -> indices(in, a.getFirst()));
        ALL.put("bsearch/1", (in, a) -> {
            List<@Nullable Object> list = Json.list(in, "bsearch");
            int found = java.util.Collections.binarySearch(list, a.getFirst(), Json.ORDER);
            return (double) found;
        });
    }

    private static void numbers() {
        number("floor", Math::floor);
        number("ceil", Math::ceil);
        number("sqrt", Math::sqrt);
        number("fabs", Math::abs);
        number("abs", Math::abs);
        number("round", x -> x < 0 ? -Math.floor(-x + 0.5) : Math.floor(x + 0.5));
        number("trunc", x -> x < 0 ? Math.ceil(x) : Math.floor(x));
        number("log", Math::log);
        number("log10", Math::log10);
        number("log2", x -> Math.log(x) / Math.log(2));
        number("exp", Math::exp);
        number("exp2", x -> Math.pow(2, x));
        number("exp10", x -> Math.pow(10, x));
        number("sin", Math::sin);
        number("cos", Math::cos);
        number("tan", Math::tan);
        ALL.put("pow/2", (_, a) -> Math.pow(Json.number(a.get(0), "pow"), Json.number(a.get(1), "pow")));
        ALL.put("infinite/0", (_, _) -> Double.POSITIVE_INFINITY);
        ALL.put("nan/0", (_, _) -> Double.NaN);
        ALL.put("isinfinite/0", (in, _) -> Double.isInfinite(Json.number(in, "isinfinite")));
        ALL.put("isnan/0", (in, _) -> Double.isNaN(Json.number(in, "isnan")));
        ALL.put(
                "isnormal/0",
                (in, _) -> Double.isFinite(Json.number(in, "isnormal"))
                        && !Double.valueOf(0).equals(in));
        ALL.put("tonumber/0", (in, _) -> {
            if (in instanceof Double) {
                return in;
            }
            String text = Json.text(in, "tonumber cannot be applied to");
            if (!text.matches("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?")) {
                throw new JqError("invalid number: " + Json.described(in));
            }
            return Double.parseDouble(text);
        });
    }

    private static void number(String name, DoubleUnaryOperator operation) {
        ALL.put(name + "/0", (in, _) -> operation.applyAsDouble(Json.number(in, name + " cannot be applied to")));
    }

    private static void texts() {
        ALL.put("tostring/0", (in, _) -> Formats.text(in));
        ALL.put("tojson/0", (in, _) -> Json.write(in));
        ALL.put("fromjson/0", (in, _) -> parsed(Json.text(in, "fromjson cannot be applied to")));
        ALL.put(
                "ascii_downcase/0",
                (in, _) -> ascii(Json.text(in, "ascii_downcase cannot be applied to"), 'A', 'Z', 32));
        ALL.put("ascii_upcase/0", (in, _) -> ascii(Json.text(in, "ascii_upcase cannot be applied to"), 'a', 'z', -32));
        ALL.put(
                "startswith/1",
                (in, a) -> Json.text(in, "startswith").startsWith(Json.text(a.getFirst(), "startswith")));
        ALL.put("endswith/1", (in, a) -> Json.text(in, "endswith").endsWith(Json.text(a.getFirst(), "endswith")));
        ALL.put("ltrimstr/1", (in, a) -> {
            String text = Json.text(in, "ltrimstr cannot be applied to");
            String prefix = Json.text(a.getFirst(), "ltrimstr cannot be applied to");
            return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
        });
        ALL.put("rtrimstr/1", (in, a) -> {
            String text = Json.text(in, "rtrimstr cannot be applied to");
            String suffix = Json.text(a.getFirst(), "rtrimstr cannot be applied to");
            return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
        });
        ALL.put("trim/0", (in, _) -> Json.text(in, "trim cannot be applied to").strip());
        ALL.put(
                "ltrim/0",
                (in, _) -> Json.text(in, "ltrim cannot be applied to").stripLeading());
        ALL.put(
                "rtrim/0",
                (in, _) -> Json.text(in, "rtrim cannot be applied to").stripTrailing());
        ALL.put("split/1", (in, a) -> Builtins.split(Json.text(in, "split"), Json.text(a.getFirst(), "split")));
        ALL.put("join/1", ValueFunctions::joined);
        ALL.put("explode/0", (in, _) -> {
            List<@Nullable Object> points = new ArrayList<>();
            Json.text(in, "explode cannot be applied to").codePoints().forEach(point -> points.add((double) point));
            return points;
        });
        ALL.put("implode/0", (in, _) -> {
            StringBuilder out = new StringBuilder();
            for (Object point : Json.list(in, "implode cannot be applied to")) {
                int code = (int) Json.number(point, "implode");
                out.appendCodePoint(Character.isValidCodePoint(code) ? code : 0xFFFD);
            }
            return out.toString();
        });
        ALL.put("utf8bytelength/0", (in, _) -> (double) Json.text(in, "utf8bytelength cannot be applied to")
                .getBytes(java.nio.charset.StandardCharsets.UTF_8)
                .length);
    }

    private static void times() {
        ALL.put(
                "strftime/1",
                (in, a) -> Strftime.format(
                        Json.text(a.getFirst(), "strftime"), moment(in).atZone(ZoneOffset.UTC)));
        ALL.put("fromdateiso8601/0", (in, _) -> {
            try {
                return (double) Instant.parse(Json.text(in, "fromdate cannot be applied to"))
                        .getEpochSecond();
            } catch (DateTimeException e) {
                throw new JqError("no time: " + Json.described(in));
            }
        });
        ALL.put(
                "todateiso8601/0",
                (in, _) -> moment(in)
                        .truncatedTo(java.time.temporal.ChronoUnit.SECONDS)
                        .toString());
    }

    private static Instant moment(@Nullable Object seconds) {
        return Instant.ofEpochSecond(
                (long) Json.number(seconds, "strftime requires parsed datetime inputs or a number"));
    }

    private static @Nullable Object length(@Nullable Object value) {
        return switch (value) {
            case null -> 0.0;
            case Double number -> Math.abs(number);
            case String text -> (double) text.codePointCount(0, text.length());
            case List<?> list -> (double) list.size();
            case Map<?, ?> map -> (double) map.size();
            default -> throw new JqError("length cannot be applied to: " + Json.described(value));
        };
    }

    private static List<@Nullable Object> keys(@Nullable Object value) {
        if (value instanceof List<?> list) {
            List<@Nullable Object> indices = new ArrayList<>();
            for (int i = 0; i < list.size(); i++) {
                indices.add((double) i);
            }
            return indices;
        }
        return new ArrayList<>(Json.object(value, "keys cannot be applied to").keySet());
    }

    private static boolean has(@Nullable Object in, @Nullable Object key) {
        if (in instanceof Map<?, ?> map && key instanceof String name) {
            return map.containsKey(name);
        }
        if (in instanceof List<?> list && key instanceof Double index) {
            return index >= 0 && index < list.size();
        }
        throw new JqError("cannot check whether " + Json.described(in) + " has a key: " + Json.described(key));
    }

    private static Object reversed(@Nullable Object in) {
        return switch (in) {
            case null -> List.of();
            default ->
                new ArrayList<>(Json.list(in, "reverse cannot be applied to").reversed());
        };
    }

    private static List<@Nullable Object> flat(List<?> list, int depth) {
        List<@Nullable Object> flat = new ArrayList<>();
        for (Object element : list) {
            if (element instanceof List<?> inner && depth > 0) {
                flat.addAll(flat(inner, depth - 1));
            } else {
                flat.add(element);
            }
        }
        return flat;
    }

    /** Indices of the list in the order of their keys. */
    private static java.util.stream.Stream<Integer> ordered(@Nullable Object in, List<@Nullable Object> given) {
        List<@Nullable Object> keys = Json.list(given.getFirst(), "cannot sort");
        return IntStream.range(0, Json.list(in, "cannot sort").size())
                .boxed()
                .sorted((a, b) -> Json.compare(keys.get(a), keys.get(b)));
    }

    private static Object grouped(@Nullable Object in, List<@Nullable Object> given) {
        List<@Nullable Object> list = Json.list(in, "cannot group");
        List<@Nullable Object> keys = Json.list(given.getFirst(), "cannot group");
        List<@Nullable Object> groups = new ArrayList<>();
        List<@Nullable Object> group = new ArrayList<>();
        Integer before = null;
        for (Integer index : ordered(in, given).toList()) {
            if (before != null && Json.compare(keys.get(before), keys.get(index)) != 0) {
                groups.add(group);
                group = new ArrayList<>();
            }
            group.add(list.get(index));
            before = index;
        }
        if (!group.isEmpty()) {
            groups.add(group);
        }
        return groups;
    }

    private static @Nullable Object extreme(@Nullable Object in, List<@Nullable Object> given, boolean last) {
        List<@Nullable Object> list = Json.list(in, "cannot compare");
        List<Integer> order = ordered(in, given).toList();
        return order.isEmpty() ? null : list.get(last ? order.getLast() : order.getFirst());
    }

    private static Object transposed(List<?> rows) {
        int width = rows.stream()
                .mapToInt(row -> Json.list(row, "cannot transpose").size())
                .max()
                .orElse(0);
        List<@Nullable Object> columns = new ArrayList<>();
        for (int i = 0; i < width; i++) {
            List<@Nullable Object> column = new ArrayList<>();
            for (Object row : rows) {
                column.add(Access.get(row, (double) i));
            }
            columns.add(column);
        }
        return columns;
    }

    private static @Nullable Object indices(@Nullable Object in, @Nullable Object wanted) {
        if (in == null) {
            return null;
        }
        if (in instanceof String text && wanted instanceof String part) {
            List<@Nullable Object> found = new ArrayList<>();
            int last = 0;
            int offset = 0; // of what was found, in code points
            for (int at = part.isEmpty() ? -1 : text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
                offset += text.codePointCount(last, at);
                last = at;
                found.add((double) offset);
            }
            return found;
        }
        List<@Nullable Object> list = Json.list(in, "indices cannot be applied to");
        return Operations.indices(list, wanted instanceof List<?> several ? several : Arrays.asList(wanted));
    }

    private static @Nullable Object parsed(String text) {
        try {
            return Json.normal(GoJson.parse(text));
        } catch (RuntimeException e) {
            throw new JqError("fromjson cannot be applied to " + Json.described(text) + ": " + e.getMessage());
        }
    }

    private static String ascii(String text, char from, char to, int shift) {
        StringBuilder out = new StringBuilder(text);
        for (int i = 0; i < out.length(); i++) {
            char c = out.charAt(i);
            if (c >= from && c <= to) {
                out.setCharAt(i, (char) (c + shift));
            }
        }
        return out.toString();
    }

    private static Object joined(@Nullable Object in, List<@Nullable Object> given) {
        String separator = Json.text(given.getFirst(), "join");
        java.util.StringJoiner out = new java.util.StringJoiner(separator);
        for (Object element : Json.list(in, "join cannot be applied to")) {
            if (element instanceof List<?> || element instanceof Map<?, ?>) {
                throw new JqError("join cannot be applied to: " + Json.described(in));
            }
            out.add(element == null ? "" : Formats.text(element));
        }
        return Json.limited(out.toString());
    }
}
