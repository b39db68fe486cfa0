package io.tiphys.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code tiphys cron suspend} and {@code tiphys cron resume}. */
@Command(description = "Stops the schedule, or lets it go on.", mixinStandardHelpOptions = true)
final class CronSwitchCommand extends ServerCommand {
    private final boolean suspends;

    @Parameters(arity = "1..*", paramLabel = "NAME")
    private List<String> names = List.of();

    CronSwitchCommand(Session session, boolean suspends) {
        super(session);
        this.suspends = suspends;
    }

    @Override
    public Integer call() {
        for (String name : names) {
            server().put(
                            ArgoKind.CRON_WORKFLOW.path(namespace(), name, suspends ? "suspend" : "resume"),
                            Json.object().put("namespace", namespace()).put("name", name));
            terminal().line(ArgoKind.CRON_WORKFLOW.label(name) + (suspends ? " suspended" : " resumed"));
        }
        return ExitCode.SUCCEEDED;
    }
}
