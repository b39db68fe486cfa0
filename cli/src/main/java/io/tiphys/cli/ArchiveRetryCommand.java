package io.tiphys.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tiphys archive retry}. */
@Command(
        name = "retry",
        description = "Puts failed workflows back and runs them again from where they failed.",
        mixinStandardHelpOptions = true)
final class ArchiveRetryCommand extends ArchiveRerunCommand {
    @Mixin
    private RetryOptions options = new RetryOptions();

    ArchiveRetryCommand(Session session) {
        super(session, "retry");
    }

    @Override
    void fill(ObjectNode request) {
        options.fill(request);
    }
}
