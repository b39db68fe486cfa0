package io.tiphys.cli;

/** Ends the command with a message for the user and an exit code. */
final class CommandFailure extends RuntimeException {
    private final int exitCode;
    private final String message;

    private CommandFailure(int exitCode, String message) {
        super(message, null, false, false);
        this.exitCode = exitCode;
        this.message = message;
    }

    static CommandFailure invalid(String message) {
        return new CommandFailure(ExitCode.INVALID, message);
    }

    static CommandFailure notReachable(String message) {
        return new CommandFailure(ExitCode.NOT_REACHABLE, message);
    }

    static CommandFailure workflow(String message) {
        return new CommandFailure(ExitCode.WORKFLOW_FAILED, message);
    }

    int exitCode() {
        return exitCode;
    }

    @Override
    public String getMessage() {
        return message;
    }
}
