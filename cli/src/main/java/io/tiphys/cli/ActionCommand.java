package io.tiphys.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command that asks for the same thing for each of some workflows. */
abstract class ActionCommand extends ServerCommand {
    @Parameters(arity = "0..*", paramLabel = "NAME", description = "Workflows; @latest is the newest.")
    private List<String> names = List.of();

    @Option(
            names = {"-l", "--selector"},
            paramLabel = "LABELS",
            defaultValue = "",
            description = "All workflows with these labels.")
    private String selector = "";

    ActionCommand(Session session) {
        super(session);
    }

    /** The last part of the path. */
    abstract String action();

    /** What is said about each workflow. */
    abstract String done();

    void fill(ObjectNode request) {}

    List<String> chosen() {
        if (names.isEmpty() == selector.isEmpty()) {
            throw CommandFailure.invalid("name the workflows, or choose them with -l LABELS");
        }
        return names.isEmpty()
                ? Selection.list(server(), namespace(), selector, 0, false).stream()
                        .map(WorkflowView::name)
                        .toList()
                : names.stream().map(this::resolve).toList();
    }

    List<WorkflowView> act() {
        List<WorkflowView> answers = new ArrayList<>();
        for (String name : chosen()) {
            ObjectNode request = Json.object().put("namespace", namespace()).put("name", name);
            fill(request);
            JsonNode answer = server().put(ArgoServer.path("workflows", namespace(), name, action()), request);
            WorkflowView workflow = new WorkflowView(answer);
            answers.add(workflow);
            terminal().line("workflow/" + name + " " + done().replace("{}", workflow.name()));
        }
        return answers;
    }

    @Override
    public Integer call() {
        act();
        return ExitCode.SUCCEEDED;
    }
}
