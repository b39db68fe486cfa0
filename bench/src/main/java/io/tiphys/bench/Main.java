package io.tiphys.bench;

import io.tiphys.bench.cluster.ChainBench;
import io.tiphys.bench.cluster.ClusterOptions;
import io.tiphys.bench.cluster.DagBench;
import io.tiphys.bench.cluster.FanoutBench;
import io.tiphys.bench.cluster.RetryBench;
import io.tiphys.bench.cluster.SmallBench;
import io.tiphys.bench.cluster.SubmitBench;
import io.tiphys.bench.recovery.ChaosBench;
import io.tiphys.bench.recovery.RecoverBench;
import io.tiphys.bench.recovery.ShardsBench;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** {@code ./tiphys bench NAME [options]}: picks the benchmark. */
public final class Main {
    private static final int BAD_USAGE = 2;
    private static final Map<String, Bench> BENCHES = new LinkedHashMap<>();

    static {
        BENCHES.put("up", UpBench::main);
        BENCHES.put("artifacts", ArtifactsBench::main);
        BENCHES.put("engine", EngineBench::main);
        BENCHES.put("memory", MemoryBench::main);
        BENCHES.put("fanout", options -> FanoutBench.main(ClusterOptions.of(options)));
        BENCHES.put("dag", options -> DagBench.main(ClusterOptions.of(options)));
        BENCHES.put("small", options -> SmallBench.main(ClusterOptions.of(options)));
        BENCHES.put("chain", options -> ChainBench.main(ClusterOptions.of(options)));
        BENCHES.put("submit", options -> SubmitBench.main(ClusterOptions.of(options)));
        BENCHES.put("retry", options -> RetryBench.main(ClusterOptions.of(options)));
        BENCHES.put("shards", options -> shards(Options.of(options)));
        BENCHES.put("recover", options -> recover(Options.of(options)));
        BENCHES.put("chaos", options -> chaos(Options.of(options)));
        BENCHES.put("expression", ExpressionBench::main);
        BENCHES.put("validation", ValidationBench::main);
        BENCHES.put("fuzz", FuzzBench::main);
    }

    private Main() {}

    /** A benchmark that prints what it measures. */
    private interface Bench {
        void run(String... options) throws Exception;
    }

    static void main(String... arguments) throws Exception {
        String known = String.join(", ", BENCHES.keySet());
        if (arguments.length == 0) {
            System.err.println("bench: which one? " + known);
            System.exit(BAD_USAGE);
        }
        Bench bench = BENCHES.get(arguments[0]);
        if (bench == null) {
            System.err.printf("bench: there is no \"%s\"; known: %s%n", arguments[0], known);
            System.exit(BAD_USAGE);
        } else {
            try {
                bench.run(Arrays.copyOfRange(arguments, 1, arguments.length));
                System.exit(0); // threads of clients would keep the process
            } catch (Exception | Error e) {
                e.printStackTrace();
                System.exit(1);
            }
        }
    }

    private static void shards(Options options) throws IOException, InterruptedException {
        ShardsBench.run(
                Stream.of(options.text("--controllers", "1,2,4").split(",", -1))
                        .map(Integer::valueOf)
                        .toList(),
                (int) options.number("--nodes", 2_000),
                (int) options.number("--rounds", 5),
                (int) options.number("--pace", 40));
    }

    private static void recover(Options options) throws IOException, InterruptedException {
        RecoverBench.run((int) options.number("--nodes", 100_000), (int) options.number("--kills", 3));
    }

    private static void chaos(Options options) throws IOException, InterruptedException {
        long seed = options.number("--seed", System.currentTimeMillis() % 1_000_000);
        if (!ChaosBench.run((int) options.number("--runs", 1), seed)) {
            System.exit(1);
        }
    }
}
