package io.tiphys.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tiphys retry}. */
@Command(
        name = "retry",
        description =
                "Runs failed workflows again from where they failed; of one that still runs, the nodes that --node-field-selector names.",
        mixinStandardHelpOptions = true)
final class RetryCommand extends RerunCommand {
    @Mixin
    private RetryOptions options = new RetryOptions();

    RetryCommand(Session session) {
        super(session);
    }

    @Override
    void fill(ObjectNode request) {
        super.fill(request);
        options.fill(request);
    }

    @Override
    String action() {
        return "retry";
    }

    @Override
    String done() {
        return "runs again";
    }
}
