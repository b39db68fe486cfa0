package io.tiphys.submitter.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Argo's {@code fields} query parameter: a comma-separated list of dotted paths to keep, or, after a leading {@code -}, to leave
 * out. Elements of a list have the path of the list. An empty list of paths changes nothing.
 */
public record FieldsFilter(boolean exclude, Set<String> paths) {
    public static final FieldsFilter ALL = new FieldsFilter(false, Set.of());

    public FieldsFilter {
        paths = Set.copyOf(paths);
    }

    public static FieldsFilter parse(@Nullable String text) {
        return parse(text, "");
    }

    /** Paths lose the prefix, where they have it: streams name fields as {@code result.object.metadata}. */
    public static FieldsFilter parse(@Nullable String text, String prefix) {
        if (text == null || text.isBlank()) {
            return ALL;
        }
        boolean exclude = text.startsWith("-");
        Set<String> paths = new LinkedHashSet<>();
        for (String path : (exclude ? text.substring(1) : text).split(",", -1)) {
            String trimmed = path.strip();
            if (!trimmed.isEmpty()) {
                paths.add(trimmed.startsWith(prefix) ? trimmed.substring(prefix.length()) : trimmed);
            }
        }
        return new FieldsFilter(exclude, paths);
    }

    /** The same filter for the elements of {@code items}: what says nothing about items says nothing here. */
    public FieldsFilter ofItems() {
        Set<String> inner = new LinkedHashSet<>();
        for (String path : paths) {
            if (path.equals("items")) {
                return exclude ? this : ALL;
            }
            if (path.startsWith("items.")) {
                inner.add(path.substring("items.".length()));
            }
        }
        return new FieldsFilter(exclude, inner);
    }

    /** Whether nothing at or below this path survives, so that it needn't be computed. */
    public boolean willExclude(String path) {
        if (paths.isEmpty()) {
            return false;
        }
        if (exclude) {
            return paths.stream().anyMatch(p -> path.equals(p) || path.startsWith(p + "."));
        }
        return paths.stream().noneMatch(p -> isSameOrBelow(path, p) || isSameOrBelow(p, path));
    }

    /** Whether nothing at or below this path survives but these fields of it, so that the others needn't be computed. */
    public boolean keepsOnly(String path, Set<String> fields) {
        return !exclude
                && !paths.isEmpty()
                && paths.stream()
                        .filter(p -> isSameOrBelow(path, p) || isSameOrBelow(p, path))
                        .allMatch(p -> fields.stream().anyMatch(field -> isSameOrBelow(p, path + "." + field)));
    }

    /** Whether everything at and below this path survives, so that it needn't be looked at. */
    public boolean keepsWhole(String path) {
        return exclude
                ? paths.stream().noneMatch(p -> isSameOrBelow(path, p) || isSameOrBelow(p, path))
                : paths.isEmpty() || paths.stream().anyMatch(p -> isSameOrBelow(path, p));
    }

    /** Removes from the tree what the filter does not let through; changes it in place and returns it. */
    public <T extends JsonNode> T apply(T node) {
        if (!paths.isEmpty()) {
            clean("", node);
        }
        return node;
    }

    private void clean(String path, JsonNode node) {
        switch (node) {
            case ArrayNode array -> array.forEach(element -> clean(path, element));
            case ObjectNode object -> {
                Iterator<Map.Entry<String, JsonNode>> fields =
                        object.properties().iterator();
                while (fields.hasNext()) {
                    Map.Entry<String, JsonNode> field = fields.next();
                    String child = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
                    boolean named = paths.contains(child);
                    boolean leadsToNamed = named || paths.stream().anyMatch(p -> p.startsWith(child + "."));
                    boolean keep = exclude ? !named : leadsToNamed;
                    if (!keep) {
                        fields.remove();
                    } else if (!named) {
                        clean(child, field.getValue());
                    }
                }
            }
            default -> {
                // a scalar stays or goes with its parent
            }
        }
    }

    private static boolean isSameOrBelow(String path, String ancestor) {
        return path.equals(ancestor) || path.startsWith(ancestor + ".");
    }
}
