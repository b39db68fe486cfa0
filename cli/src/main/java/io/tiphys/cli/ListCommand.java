package io.tiphys.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.cli.Table.Cell;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tiphys list}. */
@Command(name = "list", aliases = "ls", description = "Lists workflows, newest first.", mixinStandardHelpOptions = true)
final class ListCommand extends ServerCommand {
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
            names = "--status",
            paramLabel = "PHASE",
            split = ",",
            description = "Only in these phases, e.g. Failed,Error.")
    private List<String> phases = List.of();

    @Option(names = "--running", description = "Only those that aren't done.")
    private boolean running;

    @Option(names = "--completed", description = "Only those that are done.")
    private boolean completed;

    @Option(names = "--resubmitted", description = "Only those that were resubmitted.")
    private boolean resubmitted;

    @Mixin
    private AgeAndName which = new AgeAndName();

    @Option(names = "--no-headers", description = "No line of titles.")
    private boolean noHeaders;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "0", description = "At most N.")
    private int limit;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            description = "name, json, yaml or wide.")
    private @Nullable Output output;

    ListCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() {
        boolean whole = output == Output.JSON || output == Output.YAML;
        Instant now = Instant.now();
        List<WorkflowView> workflows =
                Selection.list(server(), allNamespaces ? "" : namespace(), labels(), which.narrows() ? 0 : limit, whole)
                        .stream()
                        .filter(workflow -> which.accepts(workflow, now))
                        .limit(limit == 0 ? Long.MAX_VALUE : limit)
                        .toList();
        switch (output) {
            case NAME -> workflows.forEach(workflow -> terminal().line(workflow.name()));
            case JSON, YAML -> terminal().line(output.show(items(workflows)));
            case WIDE -> table(workflows, true);
            case null -> table(workflows, false);
        }
        return ExitCode.SUCCEEDED;
    }

    private String labels() {
        String labels = selector;
        if (running != completed) {
            labels = Selection.and(labels, Selection.COMPLETED + (completed ? "=true" : "!=true"));
        }
        if (resubmitted) {
            labels = Selection.and(labels, Selection.RESUBMITTED);
        }
        if (!phases.isEmpty()) {
            labels = Selection.and(labels, Selection.PHASE + " in (" + String.join(",", phases) + ")");
        }
        return labels;
    }

    private static ObjectNode items(List<WorkflowView> workflows) {
        ObjectNode list = Json.object().put("apiVersion", "v1").put("kind", "List");
        ArrayNode items = list.putArray("items");
        workflows.forEach(workflow -> items.add(workflow.json()));
        return list;
    }

    private void table(List<WorkflowView> workflows, boolean wide) {
        if (workflows.isEmpty()) {
            terminal().note(allNamespaces ? "No workflows." : "No workflows in namespace " + namespace() + ".");
            return;
        }
        Instant now = Instant.now();
        Table table = new Table(terminal());
        String[] columns = {"NAME", "STATUS", "AGE", "DURATION", "PROGRESS", "MESSAGE"};
        if (!noHeaders) {
            table.header(allNamespaces || wide ? prepended("NAMESPACE", columns) : columns);
        }
        for (WorkflowView workflow : workflows) {
            Phase phase = workflow.phase();
            String suspended = workflow.isSuspended() && !phase.isFinal() ? " (suspended)" : "";
            String age = Times.parse(workflow.created())
                    .map(created -> Times.age(Duration.between(created, now)))
                    .orElse("");
            Cell[] cells = {
                Cell.of(workflow.name()),
                new Cell(phase.icon() + " " + phase.word() + suspended, phase.style()),
                Cell.of(age),
                Cell.of(workflow.duration(now)),
                Cell.of(workflow.progress()),
                new Cell(workflow.message(), Terminal.Style.DIM)
            };
            table.row(allNamespaces || wide ? prepended(Cell.of(workflow.namespace()), cells) : cells);
        }
        table.lines().forEach(terminal()::line);
    }

    private static <T> T[] prepended(T first, T[] rest) {
        T[] all = java.util.Arrays.copyOf(rest, rest.length + 1);
        System.arraycopy(rest, 0, all, 1, rest.length);
        all[0] = first;
        return all;
    }
}
