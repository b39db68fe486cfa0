package io.tiphys.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.cli.Table.Cell;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tiphys template|cluster-template|cron list}. */
@Command(name = "list", description = "Lists them.", mixinStandardHelpOptions = true)
final class DefinitionListCommand extends ServerCommand {
    private final ArgoKind kind;

    @Option(
            names = {"-A", "--all-namespaces"},
            description = "Of all namespaces.")
    private boolean allNamespaces;

    @Option(
            names = {"-l", "--selector"},
            paramLabel = "LABELS",
            defaultValue = "",
            description = "Only with these labels.")
    private String selector = "";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            description = "name, json, yaml or wide.")
    private @Nullable Output output;

    DefinitionListCommand(Session session, ArgoKind kind) {
        super(session);
        this.kind = kind;
    }

    @Override
    public Integer call() {
        Map<String, String> query = new LinkedHashMap<>();
        if (!selector.isEmpty()) {
            query.put("listOptions.labelSelector", selector);
        }
        JsonNode list = server().get(kind.path(allNamespaces ? "" : namespace()), query);
        switch (output) {
            case NAME -> list.path("items").forEach(item -> terminal().line(Output.NAME.show(item)));
            case JSON, YAML -> terminal().line(output.show(list));
            case WIDE -> table(list.path("items"), true);
            case null -> table(list.path("items"), allNamespaces);
        }
        return ExitCode.SUCCEEDED;
    }

    private void table(JsonNode items, boolean withNamespace) {
        if (items.isEmpty()) {
            terminal().note("None found.");
            return;
        }
        boolean cron = kind == ArgoKind.CRON_WORKFLOW;
        List<String> titles = new ArrayList<>(withNamespace && kind.isNamespaced() ? List.of("NAMESPACE") : List.of());
        titles.addAll(List.of("NAME", "AGE"));
        if (cron) {
            titles.addAll(List.of("LAST RUN", "NEXT RUN", "SCHEDULES", "TIMEZONE", "SUSPENDED"));
        }
        Table table = new Table(terminal());
        table.header(titles.toArray(String[]::new));
        Instant now = Instant.now();
        for (JsonNode item : items) {
            List<Cell> cells = new ArrayList<>();
            JsonNode metadata = item.path("metadata");
            if (titles.contains("NAMESPACE")) {
                cells.add(Cell.of(metadata.path("namespace").asText("")));
            }
            cells.add(Cell.of(metadata.path("name").asText("")));
            cells.add(Cell.of(age(metadata.path("creationTimestamp").asText(""), now)));
            if (cron) {
                CronView view = new CronView(item);
                cells.add(Cell.of(view.lastRun()
                        .map(last -> Times.age(Duration.between(last, now)))
                        .orElse("N/A")));
                cells.add(Cell.of(view.nextRun(now)
                        .map(next -> Times.age(Duration.between(now, next)))
                        .orElse("N/A")));
                cells.add(Cell.of(String.join(",", view.schedules())));
                cells.add(Cell.of(view.timezone()));
                cells.add(Cell.of(Boolean.toString(view.isSuspended())));
            }
            table.row(cells.toArray(Cell[]::new));
        }
        table.lines().forEach(terminal()::line);
    }

    private static String age(String created, Instant now) {
        return Times.parse(created)
                .map(since -> Times.age(Duration.between(since, now)))
                .orElse("");
    }
}
