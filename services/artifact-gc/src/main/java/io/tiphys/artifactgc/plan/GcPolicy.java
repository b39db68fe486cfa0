package io.tiphys.artifactgc.plan;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What annotations add to Argo's strategies. On a Workflow they hold for all its artifacts, and {@code when} looks at the
 * workflow's phase; in a template's metadata they hold for its nodes, count over the workflow's, and {@code when} looks at
 * the node's phase.
 *
 * @param when null: whatever the end
 * @param delay from the moment that the strategy waits for
 * @param keep names of artifacts that stay, the workflow's and the template's together
 * @param dryRun nothing is deleted, what would be is told
 */
record GcPolicy(@Nullable When when, Duration delay, Set<String> keep, boolean dryRun) {
    static final String WHEN = "tiphys.io/artifact-gc-when";
    static final String DELAY = "tiphys.io/artifact-gc-delay";
    static final String KEEP = "tiphys.io/artifact-keep";
    static final String DRY_RUN = "tiphys.io/artifact-gc-dry-run";

    static final GcPolicy NONE = new GcPolicy(null, Duration.ZERO, Set.of(), false);

    private static final Duration LONGEST_DELAY = Duration.ofDays(3650);
    private static final Pattern DURATION = Pattern.compile("(?:(\\d{1,6})h)?(?:(\\d{1,6})m)?(?:(\\d{1,9})s)?");

    /** The end that a workflow or node must have come to. {@code Failed} is Argo's phases Failed and Error. */
    enum When {
        SUCCEEDED,
        FAILED;

        boolean matches(String phase) {
            return switch (this) {
                case SUCCEEDED -> phase.equals("Succeeded");
                case FAILED -> phase.equals("Failed") || phase.equals("Error");
            };
        }
    }

    GcPolicy {
        keep = Set.copyOf(keep);
    }

    /**
     * This policy with what the annotations say.
     *
     * @param where for messages: {@code template "x": } or nothing
     * @param problems gets a message for each value that can't be read
     */
    GcPolicy with(Map<String, String> annotations, String where, Set<String> problems) {
        return new GcPolicy(
                when(annotations.get(WHEN), where, problems),
                delay(annotations.get(DELAY), where, problems),
                keep(annotations.get(KEEP)),
                dryRun(annotations.get(DRY_RUN), where, problems));
    }

    /** Whether a template's annotations say anything about {@code when}: then the node's phase counts, not the workflow's. */
    static boolean looksAtNode(Map<String, String> templateAnnotations) {
        return templateAnnotations.containsKey(WHEN);
    }

    private @Nullable When when(@Nullable String value, String where, Set<String> problems) {
        if (value == null) {
            return when;
        }
        return switch (value.strip()) {
            case "Succeeded" -> When.SUCCEEDED;
            case "Failed" -> When.FAILED;
            default -> {
                problems.add(problem(where, WHEN, value, "Succeeded or Failed"));
                yield null;
            }
        };
    }

    private Duration delay(@Nullable String value, String where, Set<String> problems) {
        if (value == null) {
            return delay;
        }
        Matcher matcher = DURATION.matcher(value.strip());
        if (!value.isBlank() && matcher.matches()) {
            Duration read = Duration.ofHours(number(matcher.group(1)))
                    .plusMinutes(number(matcher.group(2)))
                    .plusSeconds(number(matcher.group(3)));
            if (read.compareTo(LONGEST_DELAY) <= 0) {
                return read;
            }
        }
        problems.add(problem(where, DELAY, value, "a duration such as 24h, 90m or 1h30m, at most 87600h"));
        return Duration.ZERO;
    }

    private static long number(@Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }

    private Set<String> keep(@Nullable String value) {
        if (value == null) {
            return keep;
        }
        Set<String> names = Arrays.stream(value.split(",", -1))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toSet());
        names.addAll(keep);
        return names;
    }

    private boolean dryRun(@Nullable String value, String where, Set<String> problems) {
        if (value == null) {
            return dryRun;
        }
        return switch (value.strip()) {
            case "true" -> true;
            case "false" -> false;
            default -> {
                problems.add(problem(where, DRY_RUN, value, "true or false"));
                yield true;
            }
        };
    }

    private static String problem(String where, String annotation, String value, String right) {
        String shown = value.length() > 100 ? value.substring(0, 100) + "…" : value;
        return where + "annotation " + annotation + ": \"" + shown + "\" is not " + right;
    }
}
