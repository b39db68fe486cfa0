package io.tiphys.expression;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What Go's {@code strings} does. */
final class Texts {
    private static final int MAX_REPEATS = 1_000_000;

    private Texts() {}

    static String trim(String text, String cutset) {
        int start = 0;
        int end = text.length();
        while (start < end && cutset.indexOf(text.charAt(start)) >= 0) {
            start++;
        }
        while (end > start && cutset.indexOf(text.charAt(end - 1)) >= 0) {
            end--;
        }
        return text.substring(start, end);
    }

    static String trimPrefix(String text, String prefix) {
        return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
    }

    static String trimSuffix(String text, String suffix) {
        return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
    }

    /** Limit: how many parts at most; negative: all */
    static List<@Nullable Object> split(
            String text, String separator, int limit, boolean keepSeparator, Budget budget) {
        List<@Nullable Object> parts = new ArrayList<>();
        if (limit == 0) {
            return parts;
        }
        budget.characters(text.length());
        int start = 0;
        while (limit < 0 || parts.size() < limit - 1) {
            int end = separator.isEmpty() ? start + 1 : text.indexOf(separator, start);
            if (end < 0 || (separator.isEmpty() && end >= text.length())) {
                break;
            }
            budget.elements(1);
            parts.add(text.substring(start, keepSeparator ? end + separator.length() : end));
            start = end + separator.length();
        }
        if (!separator.isEmpty() || start < text.length()) {
            parts.add(text.substring(start));
        }
        return parts;
    }

    /** Limit: how often at most; negative: always */
    static String replace(String text, String old, String replacement, int limit, Budget budget) {
        StringBuilder out = new StringBuilder();
        int start = 0;
        int done = 0;
        while (limit < 0 || done < limit) {
            int found = old.isEmpty() ? (done == 0 ? 0 : start + 1) : text.indexOf(old, start);
            if (found < 0 || found > text.length()) {
                break;
            }
            budget.characters(found - start + replacement.length());
            out.append(text, start, found).append(replacement);
            start = found + old.length();
            done++;
        }
        return out.append(text.substring(Math.min(start, text.length()))).toString();
    }

    static String repeat(String text, long count, Budget budget) {
        if (count < 0) {
            throw new ExprProblem("invalid argument for repeat (expected positive integer, got " + count + ")");
        }
        if (count > MAX_REPEATS) {
            throw new ExprProblem("memory budget exceeded");
        }
        budget.characters(text.length() * count);
        return text.repeat((int) count);
    }

    static String join(List<?> parts, String glue, Budget budget) {
        StringBuilder out = new StringBuilder();
        String separator = "";
        for (Object part : parts) {
            String text = Values.string(part);
            budget.characters(text.length() + glue.length());
            out.append(separator).append(text);
            separator = glue;
        }
        return out.toString();
    }
}
