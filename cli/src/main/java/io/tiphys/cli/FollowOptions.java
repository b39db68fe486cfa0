package io.tiphys.cli;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** What to do after a workflow was started. */
final class FollowOptions {
    @Option(
            names = {"-w", "--wait"},
            description = "Wait until it is done; the exit code is 1 if it fails.")
    private boolean wait;

    @Option(names = "--watch", description = "Show its progress until it is done; the exit code is 1 if it fails.")
    private boolean watch;

    @Option(names = "--log", description = "Show its logs until it is done; the exit code is 1 if it fails.")
    private boolean log;

    boolean wanted() {
        return wait || watch || log;
    }

    /** Follows the workflows one after the other; the exit code is the worst. */
    int follow(ArgoServer server, Terminal terminal, List<WorkflowView> workflows) {
        int exitCode = ExitCode.SUCCEEDED;
        for (WorkflowView workflow : workflows) {
            exitCode = Math.max(exitCode, follow(server, terminal, workflow));
        }
        return exitCode;
    }

    private int follow(ArgoServer server, Terminal terminal, WorkflowView workflow) {
        if (log) {
            new LogReader(server, terminal, true)
                    .read(workflow.namespace(), workflow.name(), Map.of("logOptions.follow", "true"));
        }
        Progress progress =
                !watch ? Progress.NONE : terminal.live() ? new LiveTree(terminal) : new PhaseLines(terminal);
        WorkflowView done = new Watch(server, workflow.namespace(), workflow.name()).untilDone(progress);
        if (!watch) {
            terminal.line(new WorkflowReport(terminal, Instant.now(), false).oneLine(done));
        }
        return Watch.exitCode(done);
    }
}
