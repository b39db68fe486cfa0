package io.tiphys.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.cli.Table.Cell;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A workflow as {@code get} and {@code watch} show it. */
final class WorkflowReport {
    private static final int TITLE_WIDTH = 12;
    private static final int LONGEST_VALUE = 100;

    private final Terminal terminal;
    private final Instant now;
    private final boolean wide;

    WorkflowReport(Terminal terminal, Instant now, boolean wide) {
        this.terminal = terminal;
        this.now = now;
        this.wide = wide;
    }

    List<String> lines(WorkflowView workflow) {
        List<String> lines = new ArrayList<>(head(workflow));
        List<NodeTree.Line> tree = new NodeTree(workflow, wide).lines();
        if (!tree.isEmpty()) {
            lines.add("");
            lines.addAll(table(workflow, tree));
        }
        return lines;
    }

    private List<String> head(WorkflowView workflow) {
        List<String> head = new ArrayList<>();
        Phase phase = workflow.phase();
        head.add(title("Name") + terminal.style(Terminal.Style.BOLD, workflow.name()));
        head.add(title("Namespace") + workflow.namespace());
        String suspended = workflow.isSuspended() && !phase.isFinal() ? " (suspended)" : "";
        head.add(title("Status") + terminal.style(phase.style(), phase.icon() + " " + phase.word()) + suspended);
        add(head, "Message", workflow.message());
        Times.parse(workflow.created())
                .ifPresent(created -> head.add(title("Created") + workflow.created() + " ("
                        + Times.age(Duration.between(created, now)) + " ago)"));
        add(head, "Duration", workflow.duration(now));
        add(head, "Progress", workflow.progress());
        parameters(head, "Parameters", workflow.parameters());
        parameters(head, "Outputs", workflow.outputParameters());
        return head;
    }

    private static String title(String title) {
        return title + ":" + " ".repeat(TITLE_WIDTH - title.length());
    }

    private static void add(List<String> head, String title, String value) {
        if (!value.isEmpty()) {
            head.add(title(title) + value);
        }
    }

    private static void parameters(List<String> head, String title, JsonNode parameters) {
        String label = title(title);
        for (JsonNode parameter : parameters) {
            JsonNode value = parameter.path("value");
            String text = value.isTextual() ? value.asText() : value.toString();
            String shortened = text.length() > LONGEST_VALUE ? text.substring(0, LONGEST_VALUE) + "…" : text;
            head.add(label + parameter.path("name").asText() + " = " + shortened.replace("\n", "⏎"));
            label = " ".repeat(TITLE_WIDTH + 1);
        }
    }

    private List<String> table(WorkflowView workflow, List<NodeTree.Line> tree) {
        Table table = new Table(terminal);
        if (wide) {
            table.header("STEP", "TEMPLATE", "DURATION", "POD", "NODE", "MESSAGE");
        } else {
            table.header("STEP", "TEMPLATE", "DURATION", "MESSAGE");
        }
        for (NodeTree.Line line : tree) {
            if (line.isSummary()) {
                table.row(new Cell(line.branch() + " " + line.label(), Terminal.Style.DIM));
                continue;
            }
            NodeView node = line.node();
            Phase phase = node.phase();
            Cell step = new Cell(
                    line.branch() + (line.branch().isEmpty() ? "" : " "),
                    phase.icon() + " " + node.displayName(),
                    phase.style());
            Cell template = new Cell(node.template(), Terminal.Style.DIM);
            Cell duration = Cell.of(node.duration(now));
            Cell message = new Cell(node.message(), phase.isBad() ? Terminal.Style.RED : Terminal.Style.DIM);
            if (wide) {
                table.row(
                        step,
                        template,
                        duration,
                        Cell.of(node.podName(workflow.name())),
                        Cell.of(node.json().path("hostNodeName").asText("")),
                        message);
            } else {
                table.row(step, template, duration, message);
            }
        }
        return table.lines();
    }

    /** One line about how a workflow stands. */
    String oneLine(WorkflowView workflow) {
        Phase phase = workflow.phase();
        String message = workflow.message().isEmpty() ? "" : ": " + workflow.message();
        String duration = workflow.duration(now);
        return terminal.style(phase.style(), phase.icon() + " " + workflow.name() + " " + phase.word())
                + (duration.isEmpty() ? "" : " in " + duration)
                + message;
    }
}
