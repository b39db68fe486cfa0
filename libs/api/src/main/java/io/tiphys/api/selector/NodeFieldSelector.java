package io.tiphys.api.selector;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Argo's {@code nodeFieldSelector}: terms {@code field=value}, {@code field==value} or {@code field!=value}, separated by commas, that must
 * all hold. Fields are {@code displayName}, {@code name}, {@code id}, {@code templateName}, {@code templateRef.name}, {@code
 * templateRef.template}, {@code phase} and {@code inputs.parameters.<NAME>.value}; a field that a node hasn't is the empty text. In values a
 * backslash stands before a comma, an equals sign or a backslash that is meant as such. Without terms it selects every node.
 */
public record NodeFieldSelector(List<Term> terms) {
    public static final NodeFieldSelector ALL = new NodeFieldSelector(List.of());

    public NodeFieldSelector {
        terms = List.copyOf(terms);
    }

    /** One condition. */
    public record Term(String field, boolean negated, String value) {}

    /**
     * Reads a selector.
     *
     * @throws IllegalArgumentException with the term that is none
     */
    public static NodeFieldSelector parse(String text) {
        List<Term> terms = new ArrayList<>();
        StringBuilder term = new StringBuilder();
        for (int i = 0; i <= text.length(); i++) {
            char c = i == text.length() ? ',' : text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                term.append(c).append(text.charAt(++i));
            } else if (c == ',') {
                if (!term.toString().isBlank()) {
                    terms.add(term(term.toString().strip()));
                }
                term.setLength(0);
            } else {
                term.append(c);
            }
        }
        return new NodeFieldSelector(terms);
    }

    private static Term term(String text) {
        int equals = text.indexOf('=');
        boolean negated = equals > 0 && text.charAt(equals - 1) == '!';
        String field = equals < 0
                ? ""
                : text.substring(0, negated ? equals - 1 : equals).strip();
        if (field.isEmpty()) {
            throw new IllegalArgumentException(
                    "node field selector \"" + text + "\" is not of the form field=value or field!=value");
        }
        int value = !negated && text.startsWith("==", equals) ? equals + 2 : equals + 1;
        return new Term(field, negated, unescaped(text.substring(value).strip()));
    }

    private static String unescaped(String value) {
        return value.replaceAll("\\\\([\\\\,=])", "$1");
    }

    public boolean isEmpty() {
        return terms.isEmpty();
    }

    /** Whether a node with these fields is selected; null stands for a field that it hasn't. */
    public boolean matches(Function<String, @Nullable String> node) {
        for (Term term : terms) {
            String value = node.apply(term.field());
            if (term.value().equals(value == null ? "" : value) == term.negated()) {
                return false;
            }
        }
        return true;
    }
}
