package io.tiphys.cli;

import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code tiphys archive delete}. */
@Command(name = "delete", description = "Deletes workflows from the archive.", mixinStandardHelpOptions = true)
final class ArchiveDeleteCommand extends ServerCommand {
    @Parameters(arity = "1..*", paramLabel = "UID")
    private List<String> uids = List.of();

    ArchiveDeleteCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() {
        for (String uid : uids) {
            server().delete(ArgoServer.path("archived-workflows", uid), Map.of());
            terminal().line("archived workflow " + uid + " deleted");
        }
        return ExitCode.SUCCEEDED;
    }
}
