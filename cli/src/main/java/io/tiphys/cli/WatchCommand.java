package io.tiphys.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code tiphys watch}. */
@Command(
        name = "watch",
        description = "Shows a workflow's progress until it is done; the exit code is 1 if it fails.",
        mixinStandardHelpOptions = true)
final class WatchCommand extends ServerCommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "The workflow; @latest is the newest.")
    private String name = "";

    WatchCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() {
        Progress progress = terminal().live() ? new LiveTree(terminal()) : new PhaseLines(terminal());
        return Watch.exitCode(new Watch(server(), namespace(), resolve(name)).untilDone(progress));
    }
}
