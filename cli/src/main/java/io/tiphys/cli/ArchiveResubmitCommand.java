package io.tiphys.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tiphys archive resubmit}. */
@Command(name = "resubmit", description = "Creates workflows anew from archived ones.", mixinStandardHelpOptions = true)
final class ArchiveResubmitCommand extends ArchiveRerunCommand {
    @Option(names = "--memoized", description = "Take over the results of nodes that succeeded.")
    private boolean memoized;

    ArchiveResubmitCommand(Session session) {
        super(session, "resubmit");
    }

    @Override
    void fill(ObjectNode request) {
        request.put("memoized", memoized);
    }
}
