package io.tiphys.conformance;

import io.tiphys.conformance.suite.CaseException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/** Entry point of {@code tiphys conformance}. */
public final class Main {
    private static final int NOT_REACHABLE = 3;

    private Main() {}

    public static void main(String[] args) {
        System.exit(run(new PrintWriter(System.out, true, StandardCharsets.UTF_8), args));
    }

    /** Runs the command; the result is the exit code. */
    static int run(PrintWriter out, String... args) {
        return new CommandLine(new ConformanceCommand())
                .setOut(out)
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
