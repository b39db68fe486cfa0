package io.tiphys.bench;

import java.util.Arrays;

/** {@code ./tiphys bench NAME [options]}: picks the benchmark. */
public final class Main {
    private static final String KNOWN = "up, engine, steps, expression, validation, fuzz";
    private static final int BAD_USAGE = 2;

    private Main() {}

    static void main(String... arguments) throws Exception {
        if (arguments.length == 0) {
            System.err.println("bench: which one? " + KNOWN);
            System.exit(BAD_USAGE);
        }
        String[] rest = Arrays.copyOfRange(arguments, 1, arguments.length);
        switch (arguments[0]) {
            case "up" -> UpBench.main(rest);
            case "engine" -> EngineBench.main(rest);
            case "steps" -> StepsBench.main(rest);
            case "expression" -> ExpressionBench.main(rest);
            case "fuzz" -> FuzzBench.main(rest);
            case "validation" -> ValidationBench.main(rest);
            default -> {
                System.err.printf("bench: there is no \"%s\"; known: %s%n", arguments[0], KNOWN);
                System.exit(BAD_USAGE);
            }
        }
    }
}
