package io.tiphys.conformance.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parts of messages that a case's words say must be there: {@code message contains "…"}. */
final class ToldMessages {
    private static final Pattern CONTAINS =
            Pattern.compile("\\bmessage (?:contains|containing) (?:\"([^\"]+)\"|'([^']+(?:'\\w[^']*)*)'|`([^`]+)`)");

    private ToldMessages() {}

    /** Those that neither the workflow nor a node says. */
    static List<String> unsaid(String expected, Observed seen) {
        List<String> unsaid = new ArrayList<>();
        Matcher matcher = CONTAINS.matcher(expected);
        while (matcher.find()) {
            String part = matcher.group(1) != null
                    ? matcher.group(1)
                    : matcher.group(2) != null ? matcher.group(2) : matcher.group(3);
            if (!isSaid(part.toLowerCase(Locale.ROOT), seen)) {
                unsaid.add(part);
            }
        }
        return unsaid;
    }

    private static boolean isSaid(String part, Observed seen) {
        return seen.message().toLowerCase(Locale.ROOT).contains(part)
                || seen.nodes().stream()
                        .anyMatch(
                                node -> node.message().toLowerCase(Locale.ROOT).contains(part));
    }
}
