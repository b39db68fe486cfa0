package io.tiphys.expression;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The functions of sprig on lists. */
final class SprigLists {
    private SprigLists() {}

    static void register(Map<String, Function> functions) {
        functions.put("list", a -> new ArrayList<>(Arrays.asList(a.all())));
        functions.put("tuple", a -> new ArrayList<>(Arrays.asList(a.all())));
        SprigNames.must(
                functions,
                "first",
                a -> a.expect(1).list(0).isEmpty() ? null : a.list(0).getFirst());
        SprigNames.must(
                functions,
                "last",
                a -> a.expect(1).list(0).isEmpty() ? null : a.list(0).getLast());
        SprigNames.must(
                functions,
                "rest",
                a -> a.expect(1).list(0).isEmpty()
                        ? null
                        : a.list(0).subList(1, a.list(0).size()));
        SprigNames.must(
                functions,
                "initial",
                a -> a.expect(1).list(0).isEmpty()
                        ? null
                        : a.list(0).subList(0, a.list(0).size() - 1));
        SprigNames.must(functions, "reverse", a -> a.expect(1).list(0).reversed());
        SprigNames.must(functions, "uniq", a -> Lists.unique(a.expect(1).list(0), a.budget()));
        SprigNames.must(functions, "has", a -> Values.in(a.expect(2).get(0), a.get(1)));
        SprigNames.must(
                functions,
                "compact",
                a -> a.expect(1).list(0).stream()
                        .filter(value -> !SprigValues.isEmpty(value))
                        .toList());
        SprigNames.must(functions, "append", a -> appended(a.expect(2).list(0), a.get(1), false, a.budget()));
        SprigNames.must(functions, "push", a -> appended(a.expect(2).list(0), a.get(1), false, a.budget()));
        SprigNames.must(functions, "prepend", a -> appended(a.expect(2).list(0), a.get(1), true, a.budget()));
        SprigNames.must(
                functions,
                "without",
                a -> a.expect(1, Integer.MAX_VALUE).list(0).stream()
                        .filter(value -> !amongRest(a, value))
                        .toList());
        SprigNames.must(
                functions,
                "slice",
                a -> a.expect(1, 3)
                        .list(0)
                        .subList(
                                bound(a, 1, 0),
                                Math.max(bound(a, 1, 0), bound(a, 2, a.list(0).size()))));
        SprigNames.must(functions, "chunk", a -> chunks(a.expect(2).list(1), a.count(0)));
        functions.put("concat", a -> {
            List<@Nullable Object> all = new ArrayList<>();
            for (int i = 0; i < a.count(); i++) {
                a.budget().elements(a.list(i).size());
                all.addAll(a.list(i));
            }
            return all;
        });
    }

    /** Whether the value is one of the arguments behind the first. */
    static boolean amongRest(Arguments arguments, @Nullable Object value) {
        for (int i = 1; i < arguments.count(); i++) {
            if (Values.equal(arguments.get(i), value)) {
                return true;
            }
        }
        return false;
    }

    private static List<@Nullable Object> appended(
            List<?> list, @Nullable Object value, boolean inFront, Budget budget) {
        budget.elements(list.size() + 1L);
        List<@Nullable Object> longer = new ArrayList<>(list);
        longer.add(inFront ? 0 : longer.size(), value);
        return longer;
    }

    private static int bound(Arguments arguments, int index, int otherwise) {
        return index < arguments.count()
                ? Math.clamp(arguments.count(index), 0, arguments.list(0).size())
                : otherwise;
    }

    private static List<Object> chunks(List<?> list, int size) {
        if (size < 1) {
            throw new ExprProblem("chunk size must be at least 1 but is " + size);
        }
        List<Object> chunks = new ArrayList<>();
        for (int i = 0; i < list.size(); i += size) {
            chunks.add(list.subList(i, Math.min(list.size(), i + size)));
        }
        return chunks;
    }
}
