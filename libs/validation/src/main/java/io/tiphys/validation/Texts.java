package io.tiphys.validation;

import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.api.JsonPaths;
import io.tiphys.expression.CompiledText;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/** The texts in a JSON tree and the tags in them. */
final class Texts {
    private Texts() {}

    /** Every text in the tree with its path; keys count as texts at the path of their value. */
    static void forEach(JsonNode tree, String path, BiConsumer<String, String> action) {
        if (tree.isTextual()) {
            action.accept(path, tree.asText());
        } else if (tree.isArray()) {
            for (int i = 0; i < tree.size(); i++) {
                forEach(tree.get(i), JsonPaths.item(path, i), action);
            }
        } else if (tree.isObject()) {
            tree.properties().forEach(entry -> {
                String fieldPath = JsonPaths.field(path, entry.getKey());
                action.accept(fieldPath, entry.getKey());
                forEach(entry.getValue(), fieldPath, action);
            });
        }
    }

    /** The names of the simple tags in a text; expressions are left out. */
    static List<String> tags(String text) {
        return hasTag(text) ? CompiledText.compile(text).tags() : List.of();
    }

    static boolean hasTag(String text) {
        int open = text.indexOf("{{");
        return open >= 0 && text.indexOf("}}", open) > 0;
    }

    /** The text with known tags replaced by a letter: what it may look like when it runs. */
    static String withoutKnownTags(String text, KnownVariables known) {
        String result = text;
        for (String tag : tags(text)) {
            if (known.knows(tag)) {
                result = result.replaceAll("\\{\\{\\s*" + Pattern.quote(tag) + "\\s*}}", "x");
            }
        }
        return result;
    }
}
