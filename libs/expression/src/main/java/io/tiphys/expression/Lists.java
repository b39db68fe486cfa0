package io.tiphys.expression;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Functions on lists and maps. */
final class Lists {
    private Lists() {}

    /** 1 for ascending, -1 for descending order. */
    static int direction(@Nullable Object order) {
        return switch (order) {
            case null -> 1;
            case String word when word.equals("asc") -> 1;
            case String word when word.equals("desc") -> -1;
            default -> throw new ExprProblem("invalid order " + GoFormat.show(order) + ", expected asc or desc");
        };
    }

    static void flatten(List<?> list, List<@Nullable Object> flat, Budget budget) {
        for (Object element : list) {
            budget.step();
            if (element instanceof List<?> inner) {
                flatten(inner, flat, budget);
            } else {
                flat.add(element);
            }
        }
    }

    static List<@Nullable Object> unique(List<?> list, Budget budget) {
        List<@Nullable Object> unique = new ArrayList<>();
        java.util.Set<@Nullable Object> seen = new java.util.HashSet<>();
        for (Object element : list) {
            budget.step();
            boolean simple = element instanceof String || element instanceof Boolean;
            boolean known = simple ? !seen.add(element) : contains(unique, element, budget);
            if (!known) {
                unique.add(element);
            }
        }
        return unique;
    }

    private static boolean contains(List<@Nullable Object> list, @Nullable Object element, Budget budget) {
        for (Object each : list) {
            budget.step();
            if (Values.equal(each, element)) {
                return true;
            }
        }
        return false;
    }
}
