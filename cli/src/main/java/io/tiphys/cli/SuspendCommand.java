package io.tiphys.cli;

import picocli.CommandLine.Command;

/** {@code tiphys suspend}. */
@Command(name = "suspend", description = "Lets workflows start nothing new.", mixinStandardHelpOptions = true)
final class SuspendCommand extends ActionCommand {
    SuspendCommand(Session session) {
        super(session);
    }

    @Override
    String action() {
        return "suspend";
    }

    @Override
    String done() {
        return "suspended";
    }
}
