package io.tiphys.cli;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tiphys archive get}. */
@Command(name = "get", description = "Shows an archived workflow with its nodes.", mixinStandardHelpOptions = true)
final class ArchiveGetCommand extends ServerCommand {
    @Parameters(arity = "1", paramLabel = "UID")
    private String uid = "";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            description = "name, json, yaml or wide (all nodes, with their pods).")
    private @Nullable Output output;

    ArchiveGetCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() {
        WorkflowView workflow = new WorkflowView(server().get(ArgoServer.path("archived-workflows", uid), Map.of()));
        if (output != null && output != Output.WIDE) {
            terminal().line(output.show(workflow.json()));
        } else {
            new WorkflowReport(terminal(), Instant.now(), output == Output.WIDE)
                    .lines(workflow)
                    .forEach(terminal()::line);
        }
        return ExitCode.SUCCEEDED;
    }
}
