package io.tiphys.cli;

import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code tiphys wait}. */
@Command(
        name = "wait",
        description = "Waits until workflows are done; the exit code is 1 if one of them fails.",
        mixinStandardHelpOptions = true)
final class WaitCommand extends ServerCommand {
    @Parameters(arity = "1..*", paramLabel = "NAME", description = "Workflows; @latest is the newest.")
    private List<String> names = List.of();

    WaitCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() {
        int exitCode = ExitCode.SUCCEEDED;
        for (String name : names) {
            WorkflowView done = new Watch(server(), namespace(), resolve(name)).untilDone(Progress.NONE);
            terminal().line(new WorkflowReport(terminal(), Instant.now(), false).oneLine(done));
            exitCode = Math.max(exitCode, Watch.exitCode(done));
        }
        return exitCode;
    }
}
