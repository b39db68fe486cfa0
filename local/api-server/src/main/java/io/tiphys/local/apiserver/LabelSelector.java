package io.tiphys.local.apiserver;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A parsed {@code labelSelector} query parameter: {@code a=b,c!=d,e in (f,g),h notin (i),j,!k,l>1}. */
final class LabelSelector {
    private static final Pattern SET = Pattern.compile("(\\S+)\\s+(in|notin)\\s*\\(([^()]*)\\)");
    private static final Pattern COMPARISON = Pattern.compile("([^\\s!=<>]+)\\s*(==|=|!=|<|>)\\s*([^\\s=!<>]*)");
    private static final Pattern PRESENCE = Pattern.compile("(!?)\\s*([^\\s!=<>()]+)");
    private static final LabelSelector EVERYTHING = new LabelSelector(List.of());

    private final List<Predicate<Map<String, String>>> requirements;

    private LabelSelector(List<Predicate<Map<String, String>>> requirements) {
        this.requirements = List.copyOf(requirements);
    }

    static LabelSelector parse(@Nullable String selector) {
        if (selector == null || selector.isBlank()) {
            return EVERYTHING;
        }
        List<Predicate<Map<String, String>>> requirements = new ArrayList<>();
        for (String term : splitOutsideParentheses(selector)) {
            requirements.add(requirement(term.strip()));
        }
        return new LabelSelector(requirements);
    }

    private static List<String> splitOutsideParentheses(String selector) {
        List<String> terms = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int at = 0; at < selector.length(); at++) {
            switch (selector.charAt(at)) {
                case '(' -> depth++;
                case ')' -> depth--;
                case ',' -> {
                    if (depth == 0) {
                        terms.add(selector.substring(start, at));
                        start = at + 1;
                    }
                }
                default -> {}
            }
        }
        terms.add(selector.substring(start));
        return terms;
    }

    private static Predicate<Map<String, String>> requirement(String term) {
        Matcher set = SET.matcher(term);
        if (set.matches()) {
            String key = set.group(1);
            Set<String> values = Arrays.stream(set.group(3).split(",", -1))
                    .map(String::strip)
                    .collect(Collectors.toSet());
            return set.group(2).equals("in")
                    ? labels -> labels.containsKey(key) && values.contains(labels.get(key))
                    : labels -> !labels.containsKey(key) || !values.contains(labels.get(key));
        }
        Matcher comparison = COMPARISON.matcher(term);
        if (comparison.matches()) {
            return comparison(comparison.group(1), comparison.group(2), comparison.group(3));
        }
        Matcher presence = PRESENCE.matcher(term);
        if (presence.matches()) {
            String key = presence.group(2);
            return presence.group(1).isEmpty() ? labels -> labels.containsKey(key) : labels -> !labels.containsKey(key);
        }
        throw ApiException.badRequest("unable to parse label selector at \"" + term + "\"");
    }

    private static Predicate<Map<String, String>> comparison(String key, String operator, String value) {
        return switch (operator) {
            case "!=" -> labels -> !value.equals(labels.get(key));
            case "<" -> labels -> compare(labels.get(key), value) < 0;
            case ">" -> labels -> compare(labels.get(key), value) > 0;
            default -> labels -> value.equals(labels.get(key));
        };
    }

    private static int compare(@Nullable String label, String bound) {
        try {
            return label == null ? 0 : Long.compare(Long.parseLong(label), Long.parseLong(bound));
        } catch (NumberFormatException _) {
            return 0;
        }
    }

    boolean matches(Map<String, String> labels) {
        for (Predicate<Map<String, String>> requirement : requirements) {
            if (!requirement.test(labels)) {
                return false;
            }
        }
        return true;
    }
}
