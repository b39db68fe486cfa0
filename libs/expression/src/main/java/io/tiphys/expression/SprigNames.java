package io.tiphys.expression;

import java.util.Map;

/** The names under which sprig has its functions. */
final class SprigNames {
    private SprigNames() {}

    /** Under its own name and, as the one that fails rather than giving nothing, under one that begins with {@code must}. */
    static void must(Map<String, Function> functions, String name, Function function) {
        functions.put(name, function);
        functions.put("must" + Character.toUpperCase(name.charAt(0)) + name.substring(1), function);
    }
}
