package io.tiphys.cli;

import picocli.CommandLine.Command;

/** {@code tiphys terminate}. */
@Command(
        name = "terminate",
        description = "Ends workflows at once, without their exit handlers.",
        mixinStandardHelpOptions = true)
final class TerminateCommand extends ActionCommand {
    TerminateCommand(Session session) {
        super(session);
    }

    @Override
    String action() {
        return "terminate";
    }

    @Override
    String done() {
        return "is being terminated";
    }
}
