package io.tiphys.expression;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All functions by name: expr-lang's built-ins, what Argo adds, and {@code sprig.*}. */
final class Functions {
    private static final Map<String, Function> ALL = all();

    private Functions() {}

    static @Nullable Function named(String name) {
        return ALL.get(name);
    }

    private static Map<String, Function> all() {
        Map<String, Function> functions = new HashMap<>();
        conversions(functions);
        texts(functions);
        collections(functions);
        MathFunctions.register(functions);
        TimeFunctions.register(functions);
        Map<String, Function> sprig = new HashMap<>();
        SprigTexts.register(sprig);
        SprigPatterns.register(sprig);
        SprigEncodings.register(sprig);
        SprigNumbers.register(sprig);
        SprigLists.register(sprig);
        SprigMaps.register(sprig);
        SprigValues.register(sprig);
        SprigTimes.register(sprig);
        SprigRandom.register(sprig);
        SprigUrls.register(sprig);
        sprig.forEach((name, function) -> functions.put("sprig." + name, function));
        return Map.copyOf(functions);
    }

    private static void conversions(Map<String, Function> functions) {
        functions.put("int", Functions::toInt);
        functions.put("asInt", Functions::toInt);
        functions.put("float", Functions::toFloat);
        functions.put("asFloat", Functions::toFloat);
        functions.put("string", a -> GoFormat.show(a.expect(1).get(0)));
        functions.put("type", a -> type(a.expect(1).get(0)));
        functions.put("toJson", a -> GoJson.compact(a.expect(1).get(0)));
        functions.put("toJSON", a -> GoJson.indented(a.expect(1).get(0)));
        functions.put("fromJSON", a -> GoJson.parse(a.expect(1).text(0)));
        functions.put("jsonpath", a -> JsonPath.query(GoJson.parse(a.expect(2).text(0)), a.text(1), a.budget()));
        functions.put(
                "toBase64",
                a -> Base64.getEncoder().encodeToString(bytes(a.expect(1).text(0))));
        functions.put("fromBase64", a -> fromBase64(a.expect(1).text(0)));
        functions.put("len", Functions::length);
    }

    private static void texts(Map<String, Function> functions) {
        functions.put("upper", a -> a.expect(1).text(0).toUpperCase(Locale.ROOT));
        functions.put("lower", a -> a.expect(1).text(0).toLowerCase(Locale.ROOT));
        functions.put("trim", a -> a.expect(1, 2).count() == 1 ? a.text(0).strip() : Texts.trim(a.text(0), a.text(1)));
        functions.put("trimPrefix", a -> Texts.trimPrefix(a.expect(1, 2).text(0), a.text(1, " ")));
        functions.put("trimSuffix", a -> Texts.trimSuffix(a.expect(1, 2).text(0), a.text(1, " ")));
        functions.put(
                "split",
                a -> Texts.split(
                        a.expect(2, 3).text(0), a.text(1), a.count() == 3 ? a.count(2) : -1, false, a.budget()));
        functions.put(
                "splitAfter",
                a -> Texts.split(
                        a.expect(2, 3).text(0), a.text(1), a.count() == 3 ? a.count(2) : -1, true, a.budget()));
        functions.put(
                "replace",
                a -> Texts.replace(
                        a.expect(3, 4).text(0), a.text(1), a.text(2), a.count() == 4 ? a.count(3) : -1, a.budget()));
        functions.put("repeat", a -> Texts.repeat(a.expect(2).text(0), a.integer(1), a.budget()));
        functions.put("join", a -> Texts.join(a.expect(1, 2).list(0), a.text(1, ""), a.budget()));
        functions.put("indexOf", a -> (long) a.expect(2).text(0).indexOf(a.text(1)));
        functions.put("lastIndexOf", a -> (long) a.expect(2).text(0).lastIndexOf(a.text(1)));
        functions.put("hasPrefix", a -> a.expect(2).text(0).startsWith(a.text(1)));
        functions.put("hasSuffix", a -> a.expect(2).text(0).endsWith(a.text(1)));
    }

    private static void collections(Map<String, Function> functions) {
        functions.put("first", a -> end(a.expect(1).get(0), true));
        functions.put("last", a -> end(a.expect(1).get(0), false));
        functions.put("get", a -> get(a.expect(2).get(0), a.get(1)));
        functions.put("take", a -> {
            if (a.expect(2).count(1) < 0) {
                throw new ExprProblem("cannot take " + a.count(1) + " elements");
            }
            return a.list(0).subList(0, Math.min(a.count(1), a.list(0).size()));
        });
        functions.put("keys", a -> new ArrayList<>(a.expect(1).map(0).keySet()));
        functions.put("values", a -> new ArrayList<>(a.expect(1).map(0).values()));
        functions.put(
                "toPairs",
                a -> a.expect(1).map(0).entrySet().stream().map(Functions::pair).toList());
        functions.put("fromPairs", a -> fromPairs(a.expect(1).list(0)));
        functions.put("reverse", a -> a.expect(1).list(0).reversed());
        functions.put("uniq", a -> Lists.unique(a.expect(1).list(0), a.budget()));
        functions.put("concat", Functions::concat);
        functions.put("flatten", a -> {
            List<@Nullable Object> flat = new ArrayList<>();
            Lists.flatten(a.expect(1).list(0), flat, a.budget());
            return flat;
        });
        functions.put("sort", a -> {
            int direction = Lists.direction(a.expect(1, 2).count() == 2 ? a.get(1) : null);
            List<@Nullable Object> sorted = new ArrayList<>(a.list(0));
            sorted.sort((x, y) -> direction * Values.compare(x, y, "<"));
            return sorted;
        });
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String fromBase64(String text) {
        try {
            if (text.replaceAll("[\r\n]", "").length() % 4 != 0) {
                throw new ExprProblem("illegal base64 data at input byte " + text.length());
            }
            return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new ExprProblem("illegal base64 data");
        }
    }

    private static Object toInt(Arguments arguments) {
        return switch (arguments.expect(1).get(0)) {
            case Long number -> number;
            case Double number -> number.longValue();
            case String text -> {
                try {
                    yield Long.parseLong(text);
                } catch (NumberFormatException e) {
                    throw new ExprProblem("invalid operation: int(" + text + ")");
                }
            }
            case java.time.Duration duration -> duration.toNanos();
            case null, default ->
                throw new ExprProblem("invalid operation: int(" + Values.typeName(arguments.get(0)) + ")");
        };
    }

    private static Object toFloat(Arguments arguments) {
        return switch (arguments.expect(1).get(0)) {
            case Number number -> number.doubleValue();
            case String text -> parseDouble(text);
            case null, default ->
                throw new ExprProblem("invalid operation: float(" + Values.typeName(arguments.get(0)) + ")");
        };
    }

    private static double parseDouble(String text) {
        try {
            boolean javaOnly =
                    text.isEmpty() || !text.equals(text.strip()) || "dDfF".indexOf(text.charAt(text.length() - 1)) >= 0;
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "inf", "+inf", "infinity" -> Double.POSITIVE_INFINITY;
                case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
                default -> Double.parseDouble(javaOnly ? "not a number" : text);
            };
        } catch (NumberFormatException e) {
            throw new ExprProblem("invalid operation: float(" + text + ")");
        }
    }

    private static String type(@Nullable Object value) {
        return switch (value) {
            case null -> "nil";
            case Long _ -> "int";
            case Double _ -> "float";
            case List<?> _ -> "array";
            case Map<?, ?> _ -> "map";
            default -> Values.typeName(value);
        };
    }

    private static Object length(Arguments arguments) {
        return switch (arguments.expect(1).get(0)) {
            case String text -> (long) text.codePointCount(0, text.length());
            case List<?> list -> (long) list.size();
            case Map<?, ?> map -> (long) map.size();
            case null, default ->
                throw new ExprProblem("invalid argument for len (type " + Values.typeName(arguments.get(0)) + ")");
        };
    }

    private static @Nullable Object end(@Nullable Object of, boolean first) {
        return of instanceof List<?> list && !list.isEmpty() ? (first ? list.getFirst() : list.getLast()) : null;
    }

    private static @Nullable Object get(@Nullable Object of, @Nullable Object key) {
        return switch (of) {
            case Map<?, ?> map -> map.get(key);
            case List<?> list -> {
                long index = Values.integer(key);
                long at = index < 0 ? list.size() + index : index;
                yield at >= 0 && at < list.size() ? list.get((int) at) : null;
            }
            case null, default -> null;
        };
    }

    private static List<@Nullable Object> pair(Map.Entry<?, ?> entry) {
        return Collections.unmodifiableList(Arrays.<@Nullable Object>asList(entry.getKey(), entry.getValue()));
    }

    private static Map<@Nullable Object, @Nullable Object> fromPairs(List<?> pairs) {
        Map<@Nullable Object, @Nullable Object> map = new AnyKeyedMap<>();
        for (Object pair : pairs) {
            if (!(pair instanceof List<?> list) || list.size() != 2) {
                throw new ExprProblem("invalid pair " + GoFormat.show(pair));
            }
            map.put(AnyKeyedMap.key(list.get(0)), list.get(1));
        }
        return map;
    }

    private static List<@Nullable Object> concat(Arguments arguments) {
        List<@Nullable Object> all = new ArrayList<>();
        for (int i = 0; i < arguments.expect(1, Integer.MAX_VALUE).count(); i++) {
            arguments.budget().elements(arguments.list(i).size());
            all.addAll(arguments.list(i));
        }
        return all;
    }
}
