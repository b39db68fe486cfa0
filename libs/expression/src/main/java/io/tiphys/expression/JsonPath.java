package io.tiphys.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSONPath queries: {@code $}, {@code .name}, {@code ['name']}, {@code [0]}, {@code [-1]}, {@code [1:3]}, {@code [*]}, {@code ..name},
 * unions and filters such as {@code [?(@.price < 10)]}. A path that can only lead to one place yields its value, every other one a list.
 */
final class JsonPath {
    private final String path;
    private final Budget budget;
    private int at;
    private boolean definite = true;

    private JsonPath(String path, Budget budget) {
        this.path = path;
        this.budget = budget;
    }

    /** What the path leads to; ExprProblem where it is no path, or a definite path leads nowhere. */
    static @Nullable Object query(@Nullable Object root, String path, Budget budget) {
        return new JsonPath(path.strip(), budget).run(root);
    }

    private @Nullable Object run(@Nullable Object root) {
        if (!path.startsWith("$")) {
            throw new ExprProblem("JSONPath '" + path + "' must start with $");
        }
        at = 1;
        List<@Nullable Object> found = new ArrayList<>();
        found.add(root);
        while (at < path.length()) {
            found = step(found);
        }
        return definite ? found.getFirst() : found;
    }

    private List<@Nullable Object> step(List<@Nullable Object> from) {
        if (path.startsWith("..", at)) {
            at += 2;
            definite = false;
            List<@Nullable Object> all = new ArrayList<>();
            from.forEach(value -> descend(value, all));
            return path.startsWith("[", at) ? bracket(all) : named(all, name());
        }
        return switch (path.charAt(at)) {
            case '.' -> {
                at++;
                yield named(from, name());
            }
            case '[' -> bracket(from);
            default -> throw bad("unexpected '" + path.charAt(at) + "'");
        };
    }

    private ExprProblem bad(String reason) {
        return new ExprProblem("JSONPath '" + path + "': " + reason + " at character " + (at + 1));
    }

    private String name() {
        int start = at;
        while (at < path.length() && ".[".indexOf(path.charAt(at)) < 0) {
            at++;
        }
        if (start == at) {
            throw bad("a name is missing");
        }
        return path.substring(start, at);
    }

    private void descend(@Nullable Object value, List<@Nullable Object> into) {
        budget.step();
        into.add(value);
        children(value).forEach(child -> descend(child, into));
    }

    private static List<@Nullable Object> children(@Nullable Object value) {
        return switch (value) {
            case List<?> list -> new ArrayList<>(list);
            case Map<?, ?> map -> new ArrayList<>(map.values());
            case null, default -> new ArrayList<>();
        };
    }

    private List<@Nullable Object> named(List<@Nullable Object> from, String name) {
        List<@Nullable Object> found = new ArrayList<>();
        if (name.equals("*")) {
            definite = false;
            from.forEach(value -> found.addAll(children(value)));
            return found;
        }
        for (Object value : from) {
            if (value instanceof Map<?, ?> map && map.containsKey(name)) {
                found.add(map.get(name));
            } else if (name.equals("length") && value instanceof List<?> list) {
                found.add((long) list.size());
            } else if (definite) {
                throw new ExprProblem("JSONPath '" + path + "': key \"" + name + "\" not found");
            }
        }
        return found;
    }

    private List<@Nullable Object> bracket(List<@Nullable Object> from) {
        int end = closing(at);
        String inside = path.substring(at + 1, end).strip();
        at = end + 1;
        if (inside.startsWith("?(") && inside.endsWith(")")) {
            definite = false;
            return filtered(from, inside.substring(2, inside.length() - 1));
        }
        List<String> parts = split(inside);
        definite &= parts.size() == 1;
        List<@Nullable Object> found = new ArrayList<>();
        for (String part : parts) {
            if (part.length() > 1 && (part.startsWith("'") || part.startsWith("\""))) {
                found.addAll(named(from, part.substring(1, part.length() - 1)));
            } else if (part.equals("*")) {
                found.addAll(named(from, part));
            } else if (part.contains(":")) {
                definite = false;
                from.forEach(value -> found.addAll(slice(value, part)));
            } else {
                found.addAll(indexed(from, number(part)));
            }
        }
        return found;
    }

    /** The bracket that closes the one at this place; brackets in quotes and inside each other don't count. */
    private int closing(int opening) {
        int depth = 0;
        char quote = 0;
        for (int i = opening; i < path.length(); i++) {
            char c = path.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (c == '[') {
                depth++;
            } else if (c == ']' && --depth == 0) {
                return i;
            }
        }
        throw bad("']' is missing");
    }

    private static List<String> split(String inside) {
        List<String> parts = new ArrayList<>();
        int start = 0;
        char quote = 0;
        for (int i = 0; i < inside.length(); i++) {
            char c = inside.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (c == ',') {
                parts.add(inside.substring(start, i).strip());
                start = i + 1;
            }
        }
        parts.add(inside.substring(start).strip());
        return parts;
    }

    private int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw bad("'" + text + "' is no index");
        }
    }

    private List<@Nullable Object> indexed(List<@Nullable Object> from, int index) {
        List<@Nullable Object> found = new ArrayList<>();
        for (Object value : from) {
            if (value instanceof List<?> list) {
                int place = index < 0 ? list.size() + index : index;
                if (place >= 0 && place < list.size()) {
                    found.add(list.get(place));
                    continue;
                }
            }
            if (definite) {
                throw new ExprProblem("JSONPath '" + path + "': index " + index + " not found");
            }
        }
        return found;
    }

    private List<?> slice(@Nullable Object value, String bounds) {
        if (!(value instanceof List<?> list)) {
            return List.of();
        }
        String[] parts = bounds.split(":", -1);
        int size = list.size();
        int step = parts.length > 2 && !parts[2].isBlank() ? number(parts[2].strip()) : 1;
        if (step < 1) {
            throw bad("a step must be at least 1");
        }
        int from = parts[0].isBlank() ? 0 : number(parts[0].strip());
        int to = parts[1].isBlank() ? size : number(parts[1].strip());
        from = Math.clamp(from < 0 ? size + from : from, 0, size);
        to = Math.clamp(to < 0 ? size + to : to, from, size);
        List<@Nullable Object> taken = new ArrayList<>();
        for (int i = from; i < to; i += step) {
            taken.add(list.get(i));
        }
        return taken;
    }

    /** The filter is an expression in which {@code @} is the element. */
    private List<@Nullable Object> filtered(List<@Nullable Object> from, String filter) {
        String source = filter.replace("@.", "item.")
                .replace("@[", "item[")
                .replace("$.", "root.")
                .replace("=~", " matches ");
        if (!(Expr.compile(source) instanceof Expr.Compilation.Compiled(Expr compiled))) {
            throw bad("filter '" + filter + "' can't be read");
        }
        List<@Nullable Object> found = new ArrayList<>();
        for (Object value : from) {
            for (Object element : children(value)) {
                budget.step();
                Scope scope = name -> name.equals("item") ? element : null;
                Expr.Evaluation evaluation = compiled.evaluate(scope);
                if (evaluation instanceof Expr.Evaluation.Value(Object result)
                        && result != null
                        && !Boolean.FALSE.equals(result)) {
                    found.add(element);
                }
            }
        }
        return found;
    }
}
