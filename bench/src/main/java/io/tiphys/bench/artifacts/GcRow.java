package io.tiphys.bench.artifacts;

import com.aliyun.oss.model.DeleteObjectsRequest;
import com.aliyun.oss.model.ListObjectsRequest;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Objects that go with their workflows, 1,000 with each, from the first workflow's deletion until the last one is gone; against the store's
 * batch delete of as many.
 */
record GcRow(Place place, int objects) implements Row {
    private static final int BATCH = 1000;
    private static final int AT_A_TIME = 4;
    private static final Duration LONGEST = Duration.ofMinutes(20);

    @Override
    public String name() {
        return "gc";
    }

    @Override
    public long diskBytes() {
        return objects * 8192L;
    }

    @Override
    public Figure measure() throws Exception {
        int batches = (objects + BATCH - 1) / BATCH;
        putAll("plain", batches);
        long start = System.nanoTime();
        each(batches, n -> {
            var request = new DeleteObjectsRequest(place.bucket);
            request.setKeys(keys("plain", n));
            request.setQuiet(true);
            place.oss.deleteObjects(request);
        });
        double plain = Rounds.seconds(start);
        putAll("ours", batches);
        double ours;
        var run = "bench-gc-" + Long.toString(System.nanoTime(), 36) + "-";
        try (var client = place.kubernetes()) {
            each(batches, n -> FinishedWorkflow.create(place, client, run + n, keys("ours", n), true));
            start = System.nanoTime();
            each(batches, n -> FinishedWorkflow.delete(client, run + n));
            var limit = Instant.now().plus(LONGEST);
            for (int n = 0; n < batches; n++) {
                while (FinishedWorkflow.isThere(client, run + n)) {
                    PlainTransfer.expect(Instant.now().isBefore(limit), "workflow " + run + n + " is still there");
                    Thread.sleep(50);
                }
            }
            ours = Rounds.seconds(start);
        }
        PlainTransfer.expect(left().isEmpty(), "there are objects left, such as " + left());
        return new Figure(
                "deletion of " + objects + " objects with their workflows : the store's batch delete",
                String.format(Locale.ROOT, "%.2f", plain / ours),
                ">= 0.8",
                String.format(
                        Locale.ROOT,
                        "%.0f/s in batches of %d, %d at a time; %.0f/s with %d workflows",
                        objects / plain,
                        BATCH,
                        AT_A_TIME,
                        objects / ours,
                        batches));
    }

    private List<String> keys(String kind, int batch) {
        return IntStream.range(batch * BATCH, Math.min(objects, (batch + 1) * BATCH))
                .mapToObj(n -> "bench/gc/" + kind + "/" + n)
                .toList();
    }

    private List<String> left() {
        var request =
                new ListObjectsRequest(place.bucket).withPrefix("bench/gc/").withMaxKeys(1);
        return place.oss.listObjects(request).getObjectSummaries().stream()
                .map(object -> object.getKey())
                .toList();
    }

    private void putAll(String kind, int batches) throws Exception {
        each(
                batches,
                n -> keys(kind, n)
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
