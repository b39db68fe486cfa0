package io.tiphys.cli;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tiphys get}. */
@Command(name = "get", description = "Shows workflows with their nodes.", mixinStandardHelpOptions = true)
final class GetCommand extends ServerCommand {
    @Parameters(arity = "1..*", paramLabel = "NAME", description = "Workflows; @latest is the newest.")
    private List<String> names = List.of();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            description = "name, json, yaml or wide (all nodes, with their pods).")
    private @Nullable Output output;

    GetCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() {
        String gap = null;
        for (String name : names) {
            WorkflowView workflow = workflow(name);
            if (output != null && output != Output.WIDE) {
                if (gap != null && output == Output.YAML) {
                    terminal().line("---");
                }
                terminal().line(output.show(workflow.json()));
            } else {
                if (gap != null) {
                    terminal().line(gap);
                }
                new WorkflowReport(terminal(), Instant.now(), output == Output.WIDE)
                        .lines(workflow)
                        .forEach(terminal()::line);
            }
            gap = "";
        }
        return ExitCode.SUCCEEDED;
    }
}
