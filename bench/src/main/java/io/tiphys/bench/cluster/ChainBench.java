package io.tiphys.bench.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tiphys.bench.Percentiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * From one step to the next: {@code ./tiphys bench chain [--workflows N,…] [--length N] [--kubeconfig FILE]}. Prints how long after a pod's
 * end is seen in the API the next pod of the chain appears there, in milliseconds, with so many chains at once. One watch sees
 * both, so both times come from the same clock and the same delay.
 */
public final class ChainBench {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String WORKFLOW = "workflows.argoproj.io/workflow";

    private ChainBench() {}

    /** Measures what the arguments say. */
    public static void main(ClusterOptions options) throws IOException, InterruptedException {
        int length = options.numbers("--length", List.of(5)).getFirst();
        try (BenchCluster cluster = options.open()) {
            System.out.println("chain: " + cluster.describe());
            run(cluster, "warm-up", Math.max(1, options.warmUp() / 20), length, options.limitSeconds());
            for (int workflows : options.numbers("--workflows", List.of(1, 200))) {
                // one alone has few steps: several after the other make a sample
                int rounds = workflows == 1 ? 20 : 1;
                List<Double> gaps = new ArrayList<>();
                double seconds = 0;
                for (int i = 0; i < rounds; i++) {
                    seconds += run(cluster, gaps, workflows, length, options.limitSeconds());
                }
                print(workflows == 1 ? "alone" : workflows + " at once", gaps, seconds);
            }
        }
    }

    private static void run(BenchCluster cluster, String label, int workflows, int length, long limit)
            throws InterruptedException {
        List<Double> gaps = new ArrayList<>();
        double seconds = run(cluster, gaps, workflows, length, limit);
        print(label, gaps, seconds);
    }

    private static double run(BenchCluster cluster, List<Double> gaps, int workflows, int length, long limit)
            throws InterruptedException {
        String run = "chain-" + Long.toString(System.nanoTime(), 36);
        Times times = new Times(run, new ConcurrentHashMap<>());
        String path =
                "/api/v1/namespaces/" + BenchCluster.NAMESPACE + "/pods?labelSelector=workflows.argoproj.io%2Fworkflow";
        double seconds;
        try (RawWatch _ = RawWatch.open(cluster.client(), path, times)) {
            seconds = Submission.run(
                    cluster.client(), BenchCluster.NAMESPACE, run, workflows, _ -> Specs.chain(length), limit);
        }
        gaps.addAll(times.gaps());
        Cleaning.workflows(cluster.client(), BenchCluster.NAMESPACE, run, limit);
        return seconds;
    }

    private static void print(String label, List<Double> gaps, double seconds) {
        Percentiles percentiles =
                Percentiles.of(gaps.stream().mapToDouble(Double::doubleValue).toArray());
        System.out.printf(
                Locale.ROOT,
                "chain: %-14s %5d steps in %6.2f s; end seen to next pod: p50 %.1f ms, p90 %.1f ms, p99 %.1f ms%n",
                label,
                gaps.size(),
                seconds,
                percentiles.at(0.5),
                percentiles.at(0.9),
                percentiles.at(0.99));
    }

    /** When each pod of each workflow was first seen, and first seen to have ended; nanoseconds of this process. */
    private record Times(String run, Map<String, Map<String, long[]>> chains)
            implements java.util.function.Consumer<String> {
        @Override
        public void accept(String line) {
            long now = System.nanoTime();
            JsonNode pod;
            try {
                pod = JSON.readTree(line).path("object");
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("the watch's event can't be read", e);
            }
            String workflow = pod.path("metadata").path("labels").path(WORKFLOW).asText();
            if (!workflow.startsWith(run)) {
                return;
            }
            long[] times = chains.computeIfAbsent(workflow, _ -> new ConcurrentHashMap<>())
                    .computeIfAbsent(pod.path("metadata").path("name").asText(), _ -> new long[] {now, 0});
            String phase = pod.path("status").path("phase").asText();
            if (times[1] == 0 && (phase.equals("Succeeded") || phase.equals("Failed"))) {
                times[1] = now;
            }
        }

        List<Double> gaps() {
            List<Double> gaps = new ArrayList<>();
            for (Map<String, long[]> chain : chains.values()) {
                gaps(chain.values(), gaps);
            }
            return gaps;
        }

        private static void gaps(Collection<long[]> chain, List<Double> gaps) {
            List<long[]> ordered =
                    chain.stream().sorted((a, b) -> Long.compare(a[0], b[0])).toList();
            for (int i = 1; i < ordered.size(); i++) {
                gaps.add((ordered.get(i)[0] - ordered.get(i - 1)[1]) / 1e6);
            }
        }
    }
}
