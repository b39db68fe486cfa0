package io.tiphys.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Option;

/** Which nodes a retry runs again. */
final class RetryOptions {
    @Option(names = "--restart-successful", description = "Also run nodes again that succeeded and match the selector.")
    private boolean restartSuccessful;

    @Option(
            names = "--node-field-selector",
            paramLabel = "FIELDS",
            defaultValue = "",
            description = "Nodes to run again, e.g. displayName=build.")
    private String nodeFieldSelector = "";

    void fill(ObjectNode request) {
        request.put("restartSuccessful", restartSuccessful).put("nodeFieldSelector", nodeFieldSelector);
    }
}
