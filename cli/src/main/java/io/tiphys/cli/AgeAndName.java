package io.tiphys.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** Options that choose workflows by what labels don't say. */
final class AgeAndName {
    private static final Pattern SPAN = Pattern.compile("(\\d{1,9})(s|m|h|d)");

    @Option(
            names = "--since",
            defaultValue = "",
            paramLabel = "SPAN",
            description = "Only those that finished, or run, since so long ago, e.g. 10m, 2h, 7d.")
    private String since = "";

    @Option(
            names = "--older",
            defaultValue = "",
            paramLabel = "SPAN",
            description = "Only those that finished longer ago, e.g. 7d.")
    private String older = "";

    @Option(
            names = "--prefix",
            defaultValue = "",
            paramLabel = "TEXT",
            description = "Only those whose name begins so.")
    private String prefix = "";

    /** Whether any of the options is given. */
    boolean narrows() {
        return !since.isEmpty() || !older.isEmpty() || !prefix.isEmpty();
    }

    boolean accepts(WorkflowView workflow, Instant now) {
        Optional<Instant> finished = Times.parse(workflow.finishedAt());
        boolean young =
                since.isEmpty() || finished.isEmpty() || finished.get().isAfter(now.minus(span("--since", since)));
        boolean old =
                older.isEmpty() || (finished.isPresent() && finished.get().isBefore(now.minus(span("--older", older))));
        return young && old && workflow.name().startsWith(prefix);
    }

    /** What an option's text says. */
    static Duration span(String option, String text) {
        Matcher matcher = SPAN.matcher(text);
        if (!matcher.matches()) {
            throw CommandFailure.invalid(option + " " + text + ": write it as 30s, 10m, 2h or 7d");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }
}
