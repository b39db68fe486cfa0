package io.tiphys.expression;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The functions of sprig on maps. */
final class SprigMaps {
    private SprigMaps() {}

    static void register(Map<String, Function> functions) {
        functions.put("dict", SprigMaps::dict);
        functions.put(
                "get", a -> a.expect(2).map(0).containsKey(a.get(1)) ? a.map(0).get(a.get(1)) : "");
        functions.put("pluck", a -> {
            List<@Nullable Object> found = new ArrayList<>();
            for (int i = 1; i < a.expect(1, Integer.MAX_VALUE).count(); i++) {
                if (a.map(i).containsKey(a.text(0))) {
                    found.add(a.map(i).get(a.text(0)));
                }
            }
            return found;
        });
        functions.put("dig", a -> {
            Map<?, ?> at = a.expect(3, Integer.MAX_VALUE).map(a.count() - 1);
            for (int i = 0; i < a.count() - 2; i++) {
                if (!at.containsKey(a.text(i))) {
                    return a.get(a.count() - 2);
                }
                Object next = at.get(a.text(i));
                if (i == a.count() - 3) {
                    return next;
                }
                if (!(next instanceof Map<?, ?> map)) {
                    throw new ExprProblem("interface conversion: interface {} is " + Values.typeName(next)
                            + ", not map[string]interface {}");
                }
                at = map;
            }
            return at;
        });
        functions.put("hasKey", a -> a.expect(2).map(0).containsKey(a.get(1)));
        functions.put("keys", a -> new ArrayList<>(a.expect(1).map(0).keySet()));
        functions.put("values", a -> new ArrayList<>(a.expect(1).map(0).values()));
        functions.put("set", a -> {
            Map<@Nullable Object, @Nullable Object> copy =
                    new LinkedHashMap<>(a.expect(3).map(0));
            copy.put(a.get(1), a.get(2));
            return copy;
        });
        functions.put("unset", a -> {
            Map<@Nullable Object, @Nullable Object> copy =
                    new LinkedHashMap<>(a.expect(2).map(0));
            copy.remove(a.get(1));
            return copy;
        });
        functions.put("pick", a -> chosen(a, true));
        functions.put("omit", a -> chosen(a, false));
        SprigNames.must(functions, "merge", a -> merged(a, false));
        SprigNames.must(functions, "mergeOverwrite", a -> merged(a, true));
    }

    private static Map<@Nullable Object, @Nullable Object> dict(Arguments arguments) {
        Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < arguments.count(); i += 2) {
            map.put(GoFormat.show(arguments.get(i)), i + 1 < arguments.count() ? arguments.get(i + 1) : "");
        }
        return map;
    }

    private static Map<@Nullable Object, @Nullable Object> chosen(Arguments arguments, boolean keep) {
        Map<@Nullable Object, @Nullable Object> chosen = new LinkedHashMap<>();
        arguments.expect(1, Integer.MAX_VALUE).map(0).forEach((key, value) -> {
            if (SprigLists.amongRest(arguments, key) == keep) {
                chosen.put(key, value);
            }
        });
        return chosen;
    }

    private static Map<@Nullable Object, @Nullable Object> merged(Arguments arguments, boolean overwrite) {
        Map<@Nullable Object, @Nullable Object> merged = new LinkedHashMap<>();
        for (int i = 0; i < arguments.expect(1, Integer.MAX_VALUE).count(); i++) {
            arguments.map(i).forEach((key, value) -> {
                if (overwrite || !merged.containsKey(key)) {
                    merged.put(key, value);
                }
            });
        }
        return merged;
    }
}
