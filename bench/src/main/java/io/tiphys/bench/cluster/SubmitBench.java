package io.tiphys.bench.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tiphys.bench.Percentiles;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * What happens when many workflows come at once: N submissions spread evenly over S seconds, whether the earlier ones have been answered
 * or not; those that are refused with 429 are not repeated. Then the wait until all that were accepted have finished.
 *
 * <p>{@code ./tiphys bench submit [--workflows N] [--seconds S] [--drain-minutes M] [--pods] [--kubeconfig FILE]}; 10,000 in 60 s if not given. Without
 * {@code --pods} the workflows skip their only step, so that what is measured is the way in and not the pods.
 */
public final class SubmitBench {
    private static final Duration ANSWER = Duration.ofMinutes(2);

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI api;
    private final String run = Long.toString(System.nanoTime(), 36);

    private SubmitBench(URI api) {
        this.api = api;
    }

    public static void main(ClusterOptions options) throws IOException, InterruptedException {
        try (BenchCluster cluster = options.open()) {
            new SubmitBench(cluster.api())
                    .run(
                            options.number("--workflows", 10_000),
                            Duration.ofSeconds(options.number("--seconds", 60)),
                            Duration.ofMinutes(options.number("--drain-minutes", 15)),
                            options.has("--pods"));
        }
    }

    private void run(int workflows, Duration over, Duration patience, boolean pods)
            throws IOException, InterruptedException {
        Map<Integer, LongAdder> answers = new ConcurrentSkipListMap<>();
        for (int code : new int[] {0, 200, 429, 500, 503}) {
            answers.put(code, new LongAdder());
        }
        Queue<Double> accepted = new ConcurrentLinkedQueue<>();
        Queue<Double> refused = new ConcurrentLinkedQueue<>();
        LongAdder without = new LongAdder();
        long start = System.nanoTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < workflows; i++) {
                long at = start + over.toNanos() * i / workflows;
                long early = at - System.nanoTime();
                if (early > 0) {
                    TimeUnit.NANOSECONDS.sleep(early);
                }
                int number = i;
                threads.execute(() -> submit(number, pods, answers, accepted, refused, without));
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                "submit: %d workflows in %.1f s (%d cores): %s%n",
                workflows, seconds, Runtime.getRuntime().availableProcessors(), counted(answers));
        print("accepted", accepted);
        print("refused", refused);
        System.out.printf("submit: refusals without Retry-After: %d%n", without.sum());
        drain(accepted.size(), patience);
    }

    private static String counted(Map<Integer, LongAdder> answers) {
        StringBuilder text = new StringBuilder();
        answers.forEach((code, count) -> {
            if (count.sum() > 0) {
                text.append(code == 0 ? "no answer" : "HTTP " + code)
                        .append(' ')
                        .append(count.sum())
                        .append("  ");
            }
        });
        return text.toString().strip();
    }

    private static void print(String what, Queue<Double> millis) {
        Percentiles percentiles =
                Percentiles.of(millis.stream().mapToDouble(Double::doubleValue).toArray());
        System.out.printf(
                "submit: %s %d: p50 %.0f ms, p90 %.0f ms, p99 %.0f ms, longest %.0f ms%n",
                what, millis.size(), percentiles.at(0.5), percentiles.at(0.9), percentiles.at(0.99), percentiles.at(1));
    }

    private void submit(
            int number,
            boolean pods,
            Map<Integer, LongAdder> answers,
            Queue<Double> accepted,
            Queue<Double> refused,
            LongAdder without) {
        String body = """
                {"workflow":{"metadata":{"name":"bench-%s-%d","labels":{"bench":"%s"}},"spec":{"entrypoint":"main","templates":[
                {"name":"main","steps":[[{"name":"a","template":"work","when":"%s"}]]},
                {"name":"work","container":{"image":"alpine:3.20","command":["true"]}}]}}}""".formatted(run, number, run, pods);
        long begin = System.nanoTime();
        int code;
        try {
            HttpResponse<Void> response = http.send(
                    HttpRequest.newBuilder(api.resolve("/api/v1/workflows/" + BenchCluster.NAMESPACE))
                            .timeout(ANSWER)
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
            code = response.statusCode();
            if (code == 429 && response.headers().firstValue("Retry-After").isEmpty()) {
                without.increment();
            }
        } catch (IOException e) {
            code = 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        double millis = (System.nanoTime() - begin) / 1e6;
        (code == 200 ? accepted : refused).add(millis);
        answers.computeIfAbsent(code, _ -> new LongAdder()).increment();
    }

    private void drain(long accepted, Duration patience) throws IOException, InterruptedException {
        long start = System.nanoTime();
        long left = accepted;
        while (left > 0 && System.nanoTime() - start < patience.toNanos()) {
            TimeUnit.SECONDS.sleep(2);
            left = unfinished();
        }
        System.out.printf(
                left == 0
                        ? "submit: all %d have finished %.0f s after the last answer%n"
                        : "submit: of %d accepted, not all have finished after %.0f s%n",
                accepted,
                (System.nanoTime() - start) / 1e9);
        if (left > 0) {
            throw new IllegalStateException(left + " workflows have not finished after " + patience);
        }
    }

    private long unfinished() throws IOException, InterruptedException {
        String selector = "bench%3D" + run + ",workflows.argoproj.io%2Fcompleted!%3Dtrue";
        HttpResponse<String> response = http.send(
                HttpRequest.newBuilder(api.resolve("/api/v1/workflows/" + BenchCluster.NAMESPACE
                                + "?fields=items.metadata.name&listOptions.limit=1&listOptions.labelSelector="
                                + selector))
                        .timeout(ANSWER)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            return 1; // it answers nobody now: asked again
        }
        JsonNode answer = json.readTree(response.body());
        return answer.path("items").size();
    }
}
