package io.tiphys.bench.cluster;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * Many one-pod workflows: {@code ./tiphys bench small [--workflows N,…] [--kubeconfig FILE] [--limit SECONDS]}. Prints workflows per
 * second from the first submission to the last label {@code completed}, what the API server can do of the same requests by
 * itself, and requests and CPU time per workflow.
 */
public final class SmallBench {
    private SmallBench() {}

    /** Measures what the arguments say. */
    public static void main(ClusterOptions options) throws IOException, InterruptedException {
        try (BenchCluster cluster = options.open();
                PodRates rates = new PodRates(cluster, options.limitSeconds())) {
            System.out.println("small: " + cluster.describe());
            run(cluster, rates, "warm-up", options.warmUp(), options.limitSeconds());
            for (int workflows : options.numbers("--workflows", List.of(500, 5000))) {
                run(cluster, rates, "one-pod workflows", workflows, options.limitSeconds());
            }
        }
    }

    private static void run(BenchCluster cluster, PodRates rates, String label, int workflows, long limit)
            throws IOException, InterruptedException {
        String run = "bench-" + Long.toString(System.nanoTime(), 36);
        double ceiling = Ceiling.workflows(cluster.client(), BenchCluster.NAMESPACE, rates.pod(), workflows, limit);
        Usage before = cluster.controller();
        double seconds =
                Submission.run(cluster.client(), BenchCluster.NAMESPACE, run, workflows, _ -> Specs.onePod(), limit);
        rates.settle();
        Usage used = cluster.controller().since(before);
        System.out.printf(
                Locale.ROOT,
                "small: %-18s %6d in %7.2f s: %6.0f/s, %.0f %% of the ceiling of %.0f/s; %.2f ms CPU and %.2f requests per workflow (%s)%n",
                label,
                workflows,
                seconds,
                workflows / seconds,
                100 * workflows / seconds / ceiling,
                ceiling,
                used.cpuMillis() / workflows,
                used.requestCount() / (double) workflows,
                used.requestsPer(workflows));
        Cleaning.workflows(cluster.client(), BenchCluster.NAMESPACE, run, limit);
        rates.settle();
    }
}
