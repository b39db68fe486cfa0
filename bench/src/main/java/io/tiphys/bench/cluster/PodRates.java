package io.tiphys.bench.cluster;

import java.io.IOException;
import java.util.Locale;

/** Runs workflows of many pods beside the API server's own ceiling, and prints a line for each. */
final class PodRates implements AutoCloseable {
    private static final int COLD = 1000;

    private final BenchCluster cluster;
    private final long limitSeconds;
    private final SamplePod pod;

    PodRates(BenchCluster cluster, long limitSeconds) throws InterruptedException {
        this.cluster = cluster;
        this.limitSeconds = limitSeconds;
        this.pod = SamplePod.take(cluster.client(), BenchCluster.NAMESPACE, limitSeconds);
    }

    /** What the API server's own ceilings are measured with. */
    SamplePod pod() {
        return pod;
    }

    static void header(String name) {
        System.out.printf(
                "%-22s %8s %9s %9s %7s %10s   %s%n",
                name, "pods", "pods/s", "ceiling", "ratio", "CPU ms/pod", "requests per pod, settled");
    }

    /**
     * Runs so many pods in workflows of up to 1,000, so that the controller's code is warm when others are measured. The first of them
     * is shown: a controller that has just started.
     */
    void warmUp(int pods) throws IOException, InterruptedException {
        if (pods <= 0) {
            return;
        }
        int first = Math.min(pods, COLD);
        Ceiling.measure(cluster.client(), BenchCluster.NAMESPACE, pod, first, limitSeconds); // the client's code, too
        measure("just started", first, Specs.fanOut(first));
        for (int left = pods - first; left > 0; left -= COLD) {
            String run = name();
            String spec = Specs.fanOut(Math.min(left, COLD));
            Submission.run(cluster.client(), BenchCluster.NAMESPACE, run, 1, _ -> spec, limitSeconds);
            settle();
            Cleaning.workflows(cluster.client(), BenchCluster.NAMESPACE, run, limitSeconds);
        }
        settle();
    }

    void measure(String label, int pods, String spec) throws IOException, InterruptedException {
        double ceiling = Ceiling.measure(cluster.client(), BenchCluster.NAMESPACE, pod, pods, limitSeconds);
        String run = name();
        Usage before = cluster.controller();
        double seconds = Submission.run(cluster.client(), BenchCluster.NAMESPACE, run, 1, _ -> spec, limitSeconds);
        Usage atEnd = cluster.controller().since(before);
        settle();
        Usage settled = cluster.controller().since(before);
        double rate = pods / seconds;
        System.out.printf(
                Locale.ROOT,
                "%-22s %8d %9.0f %9.0f %6.0f%% %10.2f   %.2f (%s); CPU when settled %.2f%n",
                label,
                pods,
                rate,
                ceiling,
                100 * rate / ceiling,
                atEnd.cpuMillis() / pods,
                settled.requestCount() / (double) pods,
                settled.requestsPer(pods),
                settled.cpuMillis() / pods);
        Cleaning.workflows(cluster.client(), BenchCluster.NAMESPACE, run, limitSeconds);
        settle();
    }

    /** Waits until the controller has nothing more to ask of the API server: labels of ended pods come last. */
    void settle() throws IOException, InterruptedException {
        long end = System.nanoTime() + limitSeconds * 1_000_000_000;
        long last = -1;
        while (System.nanoTime() < end) {
            long now = cluster.controller().requestCount();
            if (now == last) {
                return;
            }
            last = now;
            Thread.sleep(1_500);
        }
    }

    @Override
    public void close() {
        pod.close();
    }

    private static String name() {
        return "bench-" + Long.toString(System.nanoTime(), 36);
    }
}
