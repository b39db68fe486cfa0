package io.tiphys.validation;

import io.tiphys.api.JsonPaths;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What may be called how: templates, steps, tasks and containers one way, parameters and artifacts another. */
final class Names {
    private static final int MAX_LENGTH = 128;
    private static final Pattern TEMPLATE = Pattern.compile("[a-zA-Z0-9][-a-zA-Z0-9]*");
    private static final Pattern VALUE = Pattern.compile("[-a-zA-Z0-9_]+");

    private Names() {}

    /** What is wrong with the name of a template, step, task or container; null if nothing. */
    static @Nullable String templateNameProblem(String name) {
        if (name.length() > MAX_LENGTH) {
            return "\"" + Suggestions.shortened(name) + "\" is longer than " + MAX_LENGTH + " characters";
        }
        return TEMPLATE.matcher(name).matches()
                ? null
                : "\"" + name + "\" may have only letters, digits and '-', and must start with a letter or digit";
    }

    /** What is wrong with the name of a parameter or artifact; null if nothing. */
    static @Nullable String valueNameProblem(String name) {
        return VALUE.matcher(name).matches() ? null : "\"" + name + "\" may have only letters, digits, '-' and '_'";
    }

    /** Names of a list must be there, well-formed and different from each other. */
    static <T> void check(
            List<T> named,
            Function<T, @Nullable String> nameOf,
            Function<String, @Nullable String> problemOf,
            String path,
            Findings findings) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < named.size(); i++) {
            String namePath = JsonPaths.field(JsonPaths.item(path, i), "name");
            checkOne(nameOf.apply(named.get(i)), problemOf, namePath, seen, findings);
        }
    }

    static void checkOne(
            @Nullable String name,
            Function<String, @Nullable String> problemOf,
            String path,
            Set<String> seen,
            Findings findings) {
        if (name == null || name.isEmpty()) {
            findings.problem(path, "is required");
            return;
        }
        String problem = problemOf.apply(name);
        if (problem != null) {
            findings.problem(path, problem);
        } else if (!seen.add(name)) {
            findings.problem(path, "\"" + name + "\" is used more than once");
        }
    }
}
