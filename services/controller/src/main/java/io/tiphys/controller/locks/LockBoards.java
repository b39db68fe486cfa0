package io.tiphys.controller.locks;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.tiphys.controller.kube.ApiCalls;
import io.tiphys.messages.Records;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import org.apache.kafka.clients.producer.Producer;

/** Puts a board together. */
public final class LockBoards {
    private LockBoards() {}

    /**
     * The operator's limits.
     *
     * @param parallelism workflows that may run at once; 0 for no limit
     * @param namespaceParallelism the same for each namespace whose label doesn't say otherwise
     */
    public record Limits(int parallelism, int namespaceParallelism) {}

    public static LockBoard create(
            String bootstrapServers,
            Producer<String, byte[]> producer,
            Records records,
            int shards,
            Limits limits,
            KubernetesClient client,
            ApiCalls calls,
            ExecutorService threads,
            MeterRegistry metrics) {
        return new LockBoard(
                bootstrapServers,
                producer,
                records,
                shards,
                new SemaphoreLimits(client, calls, threads),
                new WorkflowLimits(client, limits.parallelism(), limits.namespaceParallelism()),
                new LockMetrics(metrics),
                Clock.systemUTC());
    }
}
