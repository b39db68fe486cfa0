package io.tiphys.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tiphys template|cluster-template|cron get}. */
@Command(name = "get", description = "Shows them.", mixinStandardHelpOptions = true)
final class DefinitionGetCommand extends ServerCommand {
    private final ArgoKind kind;

    @Parameters(arity = "1..*", paramLabel = "NAME")
    private List<String> names = List.of();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            description = "name, json, yaml or wide.")
    private @Nullable Output output;

    DefinitionGetCommand(Session session, ArgoKind kind) {
        super(session);
        this.kind = kind;
    }

    @Override
    public Integer call() {
        for (String name : names) {
            JsonNode object = server().get(kind.path(namespace(), name), Map.of());
            if (output != null && output != Output.WIDE) {
                terminal().line(output.show(object));
            } else {
                summary(object, Instant.now());
            }
        }
        return ExitCode.SUCCEEDED;
    }

    private void summary(JsonNode object, Instant now) {
        JsonNode metadata = object.path("metadata");
        field("Name", metadata.path("name").asText(""));
        field("Namespace", metadata.path("namespace").asText(""));
        field("Created", time(metadata.path("creationTimestamp").asText(""), now));
        if (kind != ArgoKind.CRON_WORKFLOW) {
            List<String> templates = new ArrayList<>();
            object.path("spec")
                    .path("templates")
                    .forEach(template -> templates.add(template.path("name").asText()));
            field("Entrypoint", object.path("spec").path("entrypoint").asText(""));
            field("Templates", String.join(", ", templates));
            return;
        }
        CronView cron = new CronView(object);
        JsonNode spec = object.path("spec");
        field("Schedules", String.join(", ", cron.schedules()));
        field("Timezone", cron.timezone());
        field("Suspended", Boolean.toString(cron.isSuspended()));
        field("StartingDeadlineSeconds", spec.path("startingDeadlineSeconds").asText(""));
        field("ConcurrencyPolicy", spec.path("concurrencyPolicy").asText(""));
        field(
                "LastScheduledTime",
                time(object.path("status").path("lastScheduledTime").asText(""), now));
        cron.nextRun(now)
                .ifPresent(next -> field(
                        "NextScheduledTime", next + " (" + Times.show(Duration.between(now, next)) + " from now)"));
        List<String> active = new ArrayList<>();
        object.path("status")
                .path("active")
                .forEach(child -> active.add(child.path("name").asText()));
        field("Active Workflows", String.join(", ", active));
        for (JsonNode condition : object.path("status").path("conditions")) {
            field(condition.path("type").asText(), condition.path("message").asText());
        }
    }

    private void field(String name, String value) {
        if (!value.isEmpty()) {
            terminal().line(String.format("%-25s%s", name + ":", value));
        }
    }

    private static String time(String text, Instant now) {
        return Times.parse(text)
                .map(time -> time + " (" + Times.show(Duration.between(time, now)) + " ago)")
                .orElse("");
    }
}
