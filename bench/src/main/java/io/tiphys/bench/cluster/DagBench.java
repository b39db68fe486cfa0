package io.tiphys.bench.cluster;

import java.io.IOException;
import java.util.List;

/**
 * Large DAGs: {@code ./tiphys bench dag [--tasks N,…] [--kubeconfig FILE] [--limit SECONDS]}. Prints the same as {@link FanoutBench}
 * for a diamond, whose last task depends on all others, and for layers in which chance picks what each task depends on.
 */
public final class DagBench {
    private DagBench() {}

    /** Measures what the arguments say. */
    public static void main(ClusterOptions options) throws IOException, InterruptedException {
        try (BenchCluster cluster = options.open();
                PodRates rates = new PodRates(cluster, options.limitSeconds())) {
            System.out.println("dag: " + cluster.describe());
            PodRates.header("dag");
            rates.warmUp(options.warmUp());
            for (int tasks : options.numbers("--tasks", List.of(1000, 2000, 20_000))) {
                rates.measure("diamond", tasks, Specs.diamond(tasks));
                rates.measure("layers of 100", tasks, Specs.layered(tasks));
            }
        }
    }
}
