package io.tiphys.conformance;

import io.tiphys.conformance.suite.CaseException;
import picocli.CommandLine;

/** Entry point of {@code tiphys conformance}. */
public final class Main {
    private static final int NOT_REACHABLE = 3;

    private Main() {}

    public static void main(String[] args) {
        System.exit(run(args));
    }

    /** Runs the command; the result is the exit code. */
    static int run(String... args) {
        return new CommandLine(new ConformanceCommand())
                .setExecutionExceptionHandler((failure, command, _) -> {
                    if (!(failure instanceof CaseException)) {
                        throw failure;
                    }
                    command.getErr().println("tiphys: " + failure.getMessage());
                    return NOT_REACHABLE;
                })
                .execute(args);
    }
}
