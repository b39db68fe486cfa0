package io.tiphys.engine;

import java.util.Map;

/**
 * Argo's {@code nodeFieldSelector} in parsed form: field name ({@code displayName}, {@code name}, {@code id}, {@code
 * templateName}, {@code phase}, {@code inputs.parameters.<x>.value} …) to the value that it must ({@code =}) or, with a name
 * that starts with {@code !}, must not have. An empty selector matches every node.
 */
public record NodeSelector(Map<String, String> fields) {
    public static final NodeSelector ALL = new NodeSelector(Map.of());

    public NodeSelector {
        fields = Map.copyOf(fields);
    }

    /** Parses {@code a=b,c!=d}; throws with the part that has neither {@code =} nor {@code !=}. */
    public static NodeSelector parse(String text) {
        var fields = new java.util.LinkedHashMap<String, String>();
        for (String part : text.split(",", -1)) {
            String term = part.strip();
            if (term.isEmpty()) {
                continue;
            }
            int not = term.indexOf("!=");
            int equal = term.indexOf('=');
            if (equal <= 0) {
                throw new IllegalArgumentException(
                        "node field selector \"" + term + "\" is not of the form field=value or field!=value");
            }
            if (not >= 0) {
                fields.put(
                        "!" + term.substring(0, not).strip(),
                        term.substring(not + 2).strip());
            } else {
                int value = term.startsWith("==", equal) ? equal + 2 : equal + 1;
                fields.put(
                        term.substring(0, equal).strip(), term.substring(value).strip());
            }
        }
        return new NodeSelector(fields);
    }
}
