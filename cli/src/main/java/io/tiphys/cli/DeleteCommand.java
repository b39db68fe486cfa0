package io.tiphys.cli;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tiphys delete}. */
@Command(name = "delete", description = "Deletes workflows.", mixinStandardHelpOptions = true)
final class DeleteCommand extends ServerCommand {
    @Parameters(arity = "0..*", paramLabel = "NAME", description = "Workflows; @latest is the newest.")
    private List<String> names = List.of();

    @Option(names = "--all", description = "All workflows of the namespace.")
    private boolean all;

    @Option(names = "--completed", description = "Only those that are done.")
    private boolean completed;

    @Option(
            names = {"-l", "--selector"},
            paramLabel = "LABELS",
            defaultValue = "",
            description = "All workflows with these labels.")
    private String selector = "";

    @Mixin
    private AgeAndName which = new AgeAndName();

    @Option(names = "--dry-run", description = "Only say which.")
    private boolean dryRun;

    @Option(names = "--force", description = "Don't wait for the deletion of artifacts.")
    private boolean force;

    DeleteCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() {
        boolean many = all || completed || !selector.isEmpty() || which.narrows();
        Instant now = Instant.now();
        if (names.isEmpty() != many) {
            throw CommandFailure.invalid(
                    "name the workflows, or choose them with -l LABELS, --completed, --older SPAN, --prefix TEXT or --all");
        }
        String labels = completed ? Selection.and(selector, Selection.COMPLETED + "=true") : selector;
        List<String> chosen = many
                ? Selection.list(server(), namespace(), labels, 0, false).stream()
                        .filter(workflow -> which.accepts(workflow, now))
                        .map(WorkflowView::name)
                        .toList()
                : names.stream().map(this::resolve).toList();
        for (String name : chosen) {
            if (!dryRun) {
                server().delete(
                                ArgoServer.path("workflows", namespace(), name),
                                force ? Map.of("force", "true") : Map.of());
            }
            terminal().line("workflow/" + name + (dryRun ? " would be deleted" : " deleted"));
        }
        return ExitCode.SUCCEEDED;
    }
}
