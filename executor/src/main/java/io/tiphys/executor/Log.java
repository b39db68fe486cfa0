package io.tiphys.executor;

import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** One line per event on standard error; a logging framework would cost more memory and start time than all the rest. Never contents, never URLs. */
public final class Log {
    private static final PrintStream OUT = System.err;

    private Log() {}

    public static void info(String message) {
        line("INFO", message);
    }

    public static void warn(String message) {
        line("WARN", message);
    }

    public static void error(String message) {
        line("ERROR", message);
    }

    private static void line(String level, String message) {
        OUT.println(Instant.now().truncatedTo(ChronoUnit.MILLIS) + " " + level + " " + message);
    }
}
