package io.tiphys.cli;

import java.util.Map;
import picocli.CommandLine.Command;

/** {@code tiphys archive list-label-keys}. */
@Command(
        name = "list-label-keys",
        description = "Lists the keys of labels in the archive.",
        mixinStandardHelpOptions = true)
final class ArchiveLabelKeysCommand extends ServerCommand {
    ArchiveLabelKeysCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() {
        server().get(ArgoServer.path("archived-workflows-label-keys"), Map.of("namespace", namespace()))
                .path("items")
                .forEach(key -> terminal().line(key.asText()));
        return ExitCode.SUCCEEDED;
    }
}
