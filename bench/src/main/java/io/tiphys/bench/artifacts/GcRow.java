package io.tiphys.bench.artifacts;

import com.aliyun.oss.model.DeleteObjectsRequest;
import com.aliyun.oss.model.ListObjectsRequest;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.tiphys.cluster.ClusterClients;
import io.tiphys.cluster.RawRequests;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Objects that go with their workflows, 1,000 with each, from the first workflow's deletion until the last one is gone; against the store's
 * batch delete of as many. Half as many go before, since services that have just started spend as much time on their compilers.
 */
record GcRow(Place place, int objects) implements Row {
    private static final int BATCH = 1000;
    private static final int AT_A_TIME = 4;
    private static final Duration LONGEST = Duration.ofMinutes(20);
    private static final int WARM_UP_ONE_IN = 2;

    @Override
    public String name() {
        return "gc";
    }

    @Override
    public long diskBytes() {
        return objects * 8192L;
    }

    /** Keys are new in each run: what a run that was broken off has left would keep objects of the same name, as other workflows need them. */
    @Override
    public Figure measure() throws Exception {
        var run = "bench-gc-" + Long.toString(System.nanoTime(), 36) + "-";
        var warmUp = run + "first-";
        int batches = (objects + BATCH - 1) / BATCH;
        int first = Math.max(1, batches / WARM_UP_ONE_IN);
        try (var client = ClusterClients.quick(place.kubernetes())) {
            try {
                var cold = ours(client, warmUp, first);
                var plain = plain(run, batches);
                var ours = ours(client, run, batches);
                PlainTransfer.expect(left(run).isEmpty(), "there are objects left, such as " + left(run));
                return new Figure(
                        "deletion of " + objects + " objects with their workflows : the store's batch delete",
                        String.format(Locale.ROOT, "%.2f", plain.seconds() / ours.seconds()),
                        ">= 0.8",
                        String.format(
                                Locale.ROOT,
                                "%.0f/s in batches of %d, %d at a time (processor time: %s); %.0f/s with %d workflows (%s);"
                                        + " %.0f/s with the first %d",
                                objects / plain.seconds(),
                                BATCH,
                                AT_A_TIME,
                                plain.shownProcessors(),
                                objects / ours.seconds(),
                                batches,
                                ours.shownProcessors(),
                                objects(first) / cold.seconds(),
                                first));
            } finally {
                cleanUp(client, warmUp, first);
                cleanUp(client, run, batches);
            }
        }
    }

    private Taken plain(String run, int batches) throws Exception {
        putAll(run, batches);
        return taken(() -> each(batches, n -> deleteAll(keys(run, n))));
    }

    private Taken ours(KubernetesClient client, String run, int batches) throws Exception {
        putAll(run, batches);
        each(batches, n -> FinishedWorkflow.create(place, client, run + n, keys(run, n), true));
        var requests = new RawRequests(client);
        return taken(() -> {
            each(batches, n -> requests.delete(RawRequests.workflowPath(Place.NAMESPACE, run + n)));
            var limit = Instant.now().plus(LONGEST);
            while (isAnyThere(requests, run)) {
                PlainTransfer.expect(Instant.now().isBefore(limit), "workflows " + run + "* are still there");
                Thread.sleep(50);
            }
        });
    }

    private interface Work {
        void run() throws Exception;
    }

    /** What a way took by the clock, and of the processors: the instance's processes and this one. */
    private record Taken(double seconds, Map<String, Double> processors) {
        String shownProcessors() {
            return processors.entrySet().stream()
                    .filter(used -> used.getValue() >= 0.05)
                    .map(used -> String.format(Locale.ROOT, "%s %.1f s", used.getKey(), used.getValue()))
                    .collect(Collectors.joining(", "));
        }
    }

    private Taken taken(Work work) throws Exception {
        var before = processors();
        long start = System.nanoTime();
        work.run();
        double seconds = Rounds.seconds(start);
        var used = new LinkedHashMap<String, Double>();
        processors().forEach((name, after) -> used.put(name, after - before.getOrDefault(name, 0.0)));
        return new Taken(seconds, used);
    }

    private Map<String, Double> processors() throws IOException {
        var all = new LinkedHashMap<String, Double>();
        for (var part : place.pids().entrySet()) {
            all.put(part.getKey(), Rounds.processorSeconds(part.getValue()));
        }
        all.put("benchmark", Rounds.processorSeconds(ProcessHandle.current().pid()));
        return all;
    }

    /** By the metadata: whole workflows would keep the API server busy. */
    private static boolean isAnyThere(RawRequests requests, String run) {
        var all = requests.listMetadata(RawRequests.workflowsPath(Place.NAMESPACE));
        return new String(all, StandardCharsets.UTF_8).contains("\"name\":\"" + run);
    }

    private void deleteAll(List<String> keys) {
        var request = new DeleteObjectsRequest(place.bucket);
        request.setKeys(keys);
        request.setQuiet(true);
        place.oss.deleteObjects(request);
    }

    /** After a failure, mostly: what is deleted is deleted. */
    private void cleanUp(KubernetesClient client, String run, int batches) {
        for (int n = 0; n < batches; n++) {
            FinishedWorkflow.delete(client, run + n);
        }
        for (var left = left(run); !left.isEmpty(); left = left(run)) {
            deleteAll(left);
        }
    }

    /** How many objects these batches have. */
    private int objects(int batches) {
        return Math.min(objects, batches * BATCH);
    }

    private List<String> keys(String run, int batch) {
        return IntStream.range(batch * BATCH, objects(batch + 1))
                .mapToObj(n -> prefix(run) + n)
                .toList();
    }

    private static String prefix(String run) {
        return "bench/gc/" + run + "/";
    }

    private List<String> left(String run) {
        var request =
                new ListObjectsRequest(place.bucket).withPrefix(prefix(run)).withMaxKeys(BATCH);
        return place.oss.listObjects(request).getObjectSummaries().stream()
                .map(object -> object.getKey())
                .toList();
    }

    private void putAll(String run, int batches) throws Exception {
        each(
                batches,
                n -> keys(run, n)
                        .forEach(key ->
                                place.oss.putObject(place.bucket, key, new ByteArrayInputStream(new byte[] {1}))));
    }

    private static void each(int count, IntConsumer step) throws InterruptedException, ExecutionException {
        try (var threads = Executors.newFixedThreadPool(AT_A_TIME)) {
            var all = new ArrayList<Future<?>>();
            for (int n = 0; n < count; n++) {
                int number = n;
                all.add(threads.submit(() -> step.accept(number)));
            }
            for (var one : all) {
                one.get();
            }
        }
    }
}
