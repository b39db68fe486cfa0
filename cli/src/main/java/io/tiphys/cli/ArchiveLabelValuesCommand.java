package io.tiphys.cli;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tiphys archive list-label-values}. */
@Command(
        name = "list-label-values",
        description = "Lists the values that a label has in the archive.",
        mixinStandardHelpOptions = true)
final class ArchiveLabelValuesCommand extends ServerCommand {
    @Option(
            names = {"-l", "--selector"},
            required = true,
            paramLabel = "KEY",
            description = "The label's key.")
    private String key = "";

    ArchiveLabelValuesCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() {
        server().get(
                        ArgoServer.path("archived-workflows-label-values"),
                        Map.of("namespace", namespace(), "listOptions.labelSelector", key))
                .path("items")
                .forEach(value -> terminal().line(value.asText()));
        return ExitCode.SUCCEEDED;
    }
}
