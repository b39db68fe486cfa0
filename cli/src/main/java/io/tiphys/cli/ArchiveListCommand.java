package io.tiphys.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.cli.Table.Cell;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tiphys archive list}. */
@Command(name = "list", description = "Lists archived workflows, newest first.", mixinStandardHelpOptions = true)
final class ArchiveListCommand extends ServerCommand {
    @Option(
            names = {"-l", "--selector"},
            paramLabel = "LABELS",
            defaultValue = "",
            description = "Only with these labels.")
    private String selector = "";

    @Option(names = "--limit", paramLabel = "N", defaultValue = "0", description = "At most N.")
    private int limit;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            description = "name, json, yaml or wide.")
    private @Nullable Output output;

    ArchiveListCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("namespace", namespace());
        if (!selector.isEmpty()) {
            query.put("listOptions.labelSelector", selector);
        }
        if (limit > 0) {
            query.put("listOptions.limit", Integer.toString(limit));
        }
        JsonNode list = server().get(ArgoServer.path("archived-workflows"), query);
        switch (output) {
            case NAME -> list.path("items").forEach(item -> terminal().line(Output.NAME.show(item)));
            case JSON, YAML -> terminal().line(output.show(list));
            case WIDE -> table(list.path("items"));
            case null -> table(list.path("items"));
        }
        return ExitCode.SUCCEEDED;
    }

    private void table(JsonNode items) {
        if (items.isEmpty()) {
            terminal().note("No archived workflows in namespace " + namespace() + ".");
            return;
        }
        Table table = new Table(terminal());
        table.header("NAME", "STATUS", "DURATION", "UID", "MESSAGE");
        Instant now = Instant.now();
        for (JsonNode item : items) {
            WorkflowView workflow = new WorkflowView(item);
            Phase phase = workflow.phase();
            table.row(
                    Cell.of(workflow.name()),
                    new Cell(phase.icon() + " " + phase.word(), phase.style()),
                    Cell.of(workflow.duration(now)),
                    Cell.of(workflow.uid()),
                    new Cell(workflow.message(), Terminal.Style.DIM));
        }
        table.lines().forEach(terminal()::line);
    }
}
