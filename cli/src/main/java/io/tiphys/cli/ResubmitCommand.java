package io.tiphys.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tiphys resubmit}. */
@Command(
        name = "resubmit",
        description = "Creates workflows anew from those that ran.",
        mixinStandardHelpOptions = true)
final class ResubmitCommand extends RerunCommand {
    @Option(names = "--memoized", description = "Take over the results of nodes that succeeded.")
    private boolean memoized;

    ResubmitCommand(Session session) {
        super(session);
    }

    @Override
    void fill(ObjectNode request) {
        super.fill(request);
        request.put("memoized", memoized);
    }

    @Override
    String action() {
        return "resubmit";
    }

    @Override
    String done() {
        return "runs again as workflow/{}";
    }
}
