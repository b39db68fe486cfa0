package io.tiphys.bench;

import io.tiphys.bench.cluster.ChainBench;
import io.tiphys.bench.cluster.ClusterOptions;
import io.tiphys.bench.cluster.DagBench;
import io.tiphys.bench.cluster.FanoutBench;
import io.tiphys.bench.cluster.SmallBench;
import java.util.Arrays;

/** {@code ./tiphys bench NAME [options]}: picks the benchmark. */
public final class Main {
    private static final String KNOWN = "up, engine, memory, fanout, dag, small, chain, expression, validation, fuzz";
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
            case "memory" -> MemoryBench.main(rest);
            case "fanout" -> FanoutBench.main(cluster(rest));
            case "dag" -> DagBench.main(cluster(rest));
            case "small" -> SmallBench.main(cluster(rest));
            case "chain" -> ChainBench.main(cluster(rest));
            case "expression" -> ExpressionBench.main(rest);
            case "fuzz" -> FuzzBench.main(rest);
            case "validation" -> ValidationBench.main(rest);
            default -> {
                System.err.printf("bench: there is no \"%s\"; known: %s%n", arguments[0], KNOWN);
                System.exit(BAD_USAGE);
            }
        }
    }

    private static ClusterOptions cluster(String... arguments) {
        return ClusterOptions.of(arguments);
    }
}
