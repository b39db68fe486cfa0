package io.tiphys.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tiphys template|cluster-template|cron delete}. */
@Command(name = "delete", description = "Deletes them.", mixinStandardHelpOptions = true)
final class DefinitionDeleteCommand extends ServerCommand {
    private final ArgoKind kind;

    @Parameters(arity = "0..*", paramLabel = "NAME")
    private List<String> names = List.of();

    @Option(names = "--all", description = "All of the namespace.")
    private boolean all;

    DefinitionDeleteCommand(Session session, ArgoKind kind) {
        super(session);
        this.kind = kind;
    }

    @Override
    public Integer call() {
        if (names.isEmpty() != all) {
            throw CommandFailure.invalid("name what is to be deleted, or say --all");
        }
        List<String> chosen = new ArrayList<>(names);
        if (all) {
            server().get(kind.path(namespace()), Map.of())
                    .path("items")
                    .forEach(item -> chosen.add(Output.NAME.show(item)));
        }
        for (String name : chosen) {
            server().delete(kind.path(namespace(), name), Map.of());
            terminal().line(kind.label(name) + " deleted");
        }
        return ExitCode.SUCCEEDED;
    }
}
