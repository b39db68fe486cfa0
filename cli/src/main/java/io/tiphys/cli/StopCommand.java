package io.tiphys.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tiphys stop}. */
@Command(
        name = "stop",
        description = "Ends workflows, but runs their exit handlers; or fails suspended nodes.",
        mixinStandardHelpOptions = true)
final class StopCommand extends ActionCommand {
    @Option(
            names = "--node-field-selector",
            paramLabel = "FIELDS",
            defaultValue = "",
            description = "Only these nodes, e.g. displayName=approve.")
    private String nodeFieldSelector = "";

    @Option(names = "--message", paramLabel = "TEXT", defaultValue = "", description = "The message of the nodes.")
    private String message = "";

    StopCommand(Session session) {
        super(session);
    }

    @Override
    void fill(ObjectNode request) {
        request.put("nodeFieldSelector", nodeFieldSelector).put("message", message);
    }

    @Override
    String action() {
        return "stop";
    }

    @Override
    String done() {
        return "is being stopped";
    }
}
