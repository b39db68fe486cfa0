package io.tiphys.api.selector;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A Kubernetes selector: requirements that must all hold. No requirements select everything. Labels are text to text; a field
 * selector is asked with the fields' paths as keys ({@code metadata.name}).
 */
public record Selector(List<Requirement> requirements) {
    public static final Selector EVERYTHING = new Selector(List.of());

    private static final Pattern SET = Pattern.compile("(\\S+)\\s+(in|notin)\\s*\\(([^)]*)\\)");
    private static final Pattern COMPARISON = Pattern.compile("([^!=<>\\s]+)\\s*(==|!=|=|>|<)\\s*(.*)");
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9._/-]+");

    public Selector {
        requirements = List.copyOf(requirements);
    }

    /** How a key's value is compared. */
    public enum Operator {
        /** The value is one of the listed. */
        IN,
        /** There is no value, or it is none of the listed. */
        NOT_IN,
        EXISTS,
        DOES_NOT_EXIST,
        /** The value is an integer greater than the listed one; fields may give it another order. */
        GREATER,
        /** The value is an integer less than the listed one. */
        LESS
    }

    /** One condition; {@code values} is empty for {@link Operator#EXISTS} and {@link Operator#DOES_NOT_EXIST}. */
    public record Requirement(String key, Operator operator, List<String> values) {
        public Requirement {
            values = List.copyOf(values);
        }

        /** Whether this value of the key satisfies the condition; null means that the key is absent. */
        public boolean matches(@Nullable String value) {
            return switch (operator) {
                case IN -> value != null && values.contains(value);
                case NOT_IN -> value == null || !values.contains(value);
                case EXISTS -> value != null;
                case DOES_NOT_EXIST -> value == null;
                case GREATER -> value != null && compare(value) > 0;
                case LESS -> value != null && compare(value) < 0;
            };
        }

        private int compare(String value) {
            try {
                return Long.compare(Long.parseLong(value), Long.parseLong(values.getFirst()));
            } catch (NumberFormatException _) {
                return 0;
            }
        }
    }

    /**
     * Reads Kubernetes' text form: {@code a=b,c!=d,e in (x,y),f notin (z),g,!h,i>1}.
     *
     * @throws IllegalArgumentException naming the part that is none of these
     */
    public static Selector parse(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return EVERYTHING;
        }
        List<Requirement> requirements = new ArrayList<>();
        for (String part : split(text)) {
            String trimmed = part.strip();
            if (!trimmed.isEmpty()) {
                requirements.add(requirement(trimmed));
            }
        }
        return new Selector(requirements);
    }

    public boolean matches(Map<String, String> values) {
        for (Requirement requirement : requirements) {
            if (!requirement.matches(values.get(requirement.key()))) {
                return false;
            }
        }
        return true;
    }

    /** The only value that this key may have, if the selector demands one. */
    public @Nullable String exact(String key) {
        for (Requirement requirement : requirements) {
            if (requirement.key().equals(key)
                    && requirement.operator() == Operator.IN
                    && requirement.values().size() == 1) {
                return requirement.values().getFirst();
            }
        }
        return null;
    }

    private static Requirement requirement(String part) {
        Matcher set = SET.matcher(part);
        if (set.matches()) {
            List<String> values = new ArrayList<>();
            for (String value : set.group(3).split(",", -1)) {
                values.add(value.strip());
            }
            return new Requirement(set.group(1), set.group(2).equals("in") ? Operator.IN : Operator.NOT_IN, values);
        }
        Matcher comparison = COMPARISON.matcher(part);
        if (comparison.matches()) {
            Operator operator = switch (comparison.group(2)) {
                case "!=" -> Operator.NOT_IN;
                case ">" -> Operator.GREATER;
                case "<" -> Operator.LESS;
                default -> Operator.IN;
            };
            return new Requirement(
                    comparison.group(1), operator, List.of(comparison.group(3).strip()));
        }
        boolean absent = part.startsWith("!");
        String key = (absent ? part.substring(1) : part).strip();
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException("selector \"" + part
                    + "\" is not of the form key=value, key!=value, key in (a,b), key notin (a,b), key or !key");
        }
        return new Requirement(key, absent ? Operator.DOES_NOT_EXIST : Operator.EXISTS, List.of());
    }

    /** Splits at the commas that are not inside parentheses. */
    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '(' -> depth++;
                case ')' -> depth--;
                case ',' -> {
                    if (depth == 0) {
                        parts.add(text.substring(start, i));
                        start = i + 1;
                    }
                }
                default -> {
                    // part of a requirement
                }
            }
        }
        parts.add(text.substring(start));
        return parts;
    }
}
