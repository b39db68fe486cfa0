package io.tiphys.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import picocli.CommandLine.Command;

/** {@code tiphys artifact rules}. */
@Command(
        name = "rules",
        description = "Shows the lifecycle rules of the bucket that the namespace's artifacts go to.",
        mixinStandardHelpOptions = true)
final class ArtifactRulesCommand extends ServerCommand {
    ArtifactRulesCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() {
        JsonNode answer = server().get("/artifact-rules/" + namespace(), Map.of());
        if (answer.path("rules").isEmpty()) {
            terminal().line("no lifecycle rules in " + answer.path("store").asText());
            return ExitCode.SUCCEEDED;
        }
        Table table = new Table(terminal());
        table.header("ID", "PREFIX", "ENABLED", "DOES");
        for (JsonNode rule : answer.path("rules")) {
            table.row(
                    Table.Cell.of(rule.path("id").asText()),
                    Table.Cell.of(rule.path("prefix").asText()),
                    Table.Cell.of(rule.path("enabled").asBoolean() ? "yes" : "no"),
                    Table.Cell.of(does(rule)));
        }
        table.lines().forEach(terminal()::line);
        return ExitCode.SUCCEEDED;
    }

    private static String does(JsonNode rule) {
        StringJoiner does = new StringJoiner(", ");
        for (JsonNode move : rule.path("moves")) {
            String to = move.path("to").asText().toLowerCase(Locale.ROOT).replace('_', ' ');
            does.add("to " + to + " after " + days(move.path("afterDays")));
        }
        if (rule.path("expireAfterDays").isInt()) {
            does.add("deleted after " + days(rule.path("expireAfterDays")));
        }
        if (rule.path("abortUploadsAfterDays").isInt()) {
            does.add("unfinished uploads aborted after " + days(rule.path("abortUploadsAfterDays")));
        }
        return does.toString();
    }

    private static String days(JsonNode number) {
        return number.asInt() == 1 ? "1 day" : number.asInt() + " days";
    }
}
