package io.tiphys.bench.cluster;

import java.io.IOException;
import java.util.List;

/**
 * One workflow of many pods: {@code ./tiphys bench fanout [--items N,…] [--kubeconfig FILE] [--limit SECONDS]}. Prints, for each number
 * of items, pods per second from submission to the label {@code completed}, the API server's own ceiling for as many pods in the
 * same run, the controller's CPU time per pod and its requests per pod.
 */
public final class FanoutBench {
    private FanoutBench() {}

    /** Measures what the arguments say. */
    public static void main(ClusterOptions options) throws IOException, InterruptedException {
        try (BenchCluster cluster = options.open();
                PodRates rates = new PodRates(cluster, options.limitSeconds())) {
            System.out.println("fanout: " + cluster.describe());
            PodRates.header("fanout");
            rates.warmUp(options.warmUp());
            for (int items : options.numbers("--items", List.of(1000, 5000, 20_000))) {
                rates.measure("withSequence", items, Specs.fanOut(items));
            }
        }
    }
}
