package io.tiphys.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tiphys resume}. */
@Command(name = "resume", description = "Lets suspended workflows go on.", mixinStandardHelpOptions = true)
final class ResumeCommand extends ActionCommand {
    @Option(
            names = "--node-field-selector",
            paramLabel = "FIELDS",
            defaultValue = "",
            description = "Only these nodes, e.g. displayName=approve.")
    private String nodeFieldSelector = "";

    ResumeCommand(Session session) {
        super(session);
    }

    @Override
    void fill(ObjectNode request) {
        request.put("nodeFieldSelector", nodeFieldSelector);
    }

    @Override
    String action() {
        return "resume";
    }

    @Override
    String done() {
        return "resumed";
    }
}
