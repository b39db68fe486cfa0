package io.tiphys.local.system;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point of {@code tiphys up}, {@code down} and {@code status}. */
@Command(
        name = "tiphys",
        mixinStandardHelpOptions = true,
        subcommands = {Up.class, Down.class, Status.class, Daemon.class})
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        CommandLine commands = new CommandLine(new Main());
        commands.setExecutionExceptionHandler((exception, command, _) -> {
            if (exception instanceof UserFacingException) {
                System.err.println("tiphys: " + exception.getMessage());
            } else {
                System.err.println("tiphys: " + command.getCommandName() + " failed: " + exception);
                exception.printStackTrace(System.err);
            }
            return 1;
        });
        return commands;
    }
}
