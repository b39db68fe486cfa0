package io.tiphys.expression;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The functions of sprig on values of any kind: whether there is one, what it is, and its JSON. */
final class SprigValues {
    private SprigValues() {}

    static void register(Map<String, Function> functions) {
        functions.put(
                "default", a -> a.expect(1, Integer.MAX_VALUE).count() == 1 || isEmpty(a.get(1)) ? a.get(0) : a.get(1));
        functions.put("empty", a -> isEmpty(a.expect(1).get(0)));
        functions.put(
                "coalesce",
                a -> Arrays.stream(a.all())
                        .filter(value -> !isEmpty(value))
                        .findFirst()
                        .orElse(null));
        functions.put("all", a -> Arrays.stream(a.all()).noneMatch(SprigValues::isEmpty));
        functions.put("any", a -> !Arrays.stream(a.all()).allMatch(SprigValues::isEmpty));
        functions.put("ternary", a -> a.expect(3).bool(2) ? a.get(0) : a.get(1));
        functions.put("deepEqual", a -> Values.equal(a.expect(2).get(0), a.get(1)));
        SprigNames.must(functions, "deepCopy", a -> a.expect(1).get(0));
        functions.put("fromJson", a -> parsedOrNil(a.expect(1).text(0)));
        functions.put("mustFromJson", a -> GoJson.parse(a.expect(1).text(0)));
        SprigNames.must(functions, "toJson", a -> GoJson.compact(a.expect(1).get(0)));
        SprigNames.must(
                functions, "toPrettyJson", a -> GoJson.indented(a.expect(1).get(0)));
        SprigNames.must(functions, "toRawJson", a -> GoJson.raw(a.expect(1).get(0)));
        functions.put("typeIsLike", a -> {
            String type = Values.typeName(a.expect(2).get(1));
            return a.text(0).equals(type) || a.text(0).equals("*" + type);
        });
        functions.put("typeOf", a -> Values.typeName(a.expect(1).get(0)));
        functions.put("kindOf", a -> kind(a.expect(1).get(0)));
        functions.put("kindIs", a -> kind(a.expect(2).get(1)).equals(a.text(0)));
        functions.put("typeIs", a -> Values.typeName(a.expect(2).get(1)).equals(a.text(0)));
        functions.put("fail", a -> {
            throw new ExprProblem(a.expect(1).text(0));
        });
    }

    static boolean isEmpty(@Nullable Object value) {
        return switch (value) {
            case null -> true;
            case String text -> text.isEmpty();
            case List<?> list -> list.isEmpty();
            case Map<?, ?> map -> map.isEmpty();
            case Boolean bool -> !bool;
            case Number number -> number.doubleValue() == 0;
            default -> false;
        };
    }

    private static String kind(@Nullable Object value) {
        return switch (value) {
            case null -> "invalid";
            case List<?> _ -> "slice";
            case Map<?, ?> _ -> "map";
            default -> Values.typeName(value);
        };
    }

    private static @Nullable Object parsedOrNil(String json) {
        try {
            return GoJson.parse(json);
        } catch (ExprProblem problem) {
            return null;
        }
    }
}
