package io.tiphys.bench.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * How long users wait for retry, stop and resubmit of a huge workflow: the time until the API answers, and until the first pod that runs
 * again is seen in the Kubernetes API. The workflow has N nodes of which few have pods (1 in 100, all of which fail), so that it is the
 * size that is measured and not the pods.
 *
 * <p>{@code ./tiphys bench retry [--nodes N] [--minutes M] [--kubeconfig FILE]}; 20,000 nodes if not given.
 */
public final class RetryBench {
    private static final Duration ANSWER = Duration.ofMinutes(2);

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI api;
    private final KubernetesClient client;
    private final Duration patience;

    private RetryBench(URI api, KubernetesClient client, Duration patience) {
        this.api = api;
        this.client = client;
        this.patience = patience;
    }

    public static void main(ClusterOptions options) throws IOException, InterruptedException {
        try (BenchCluster cluster = options.open()) {
            new RetryBench(cluster.api(), cluster.client(), Duration.ofMinutes(options.number("--minutes", 20)))
                    .run(options.number("--nodes", 20_000));
        }
    }

    private void run(int nodes) throws IOException, InterruptedException {
        String name = "bench-retry-" + Long.toString(System.nanoTime(), 36);
        String body = """
                {"workflow":{"metadata":{"name":"%s"},"spec":{"entrypoint":"main","parallelism":8,"templates":[
                {"name":"main","steps":[[{"name":"n","template":"work","withSequence":{"count":"%d"},
                "when":"{{=int(item) %% 100 == 0}}"}]]},
                {"name":"work","container":{"image":"alpine:3.20","command":["false"]}}]}}}""".formatted(name, nodes);
        long begin = System.nanoTime();
        call("POST", "", body);
        awaitPhase(name, "Failed");
        System.out.printf(
                "retry: %d nodes, failed after %.0f s (%d cores)%n",
                nodes, seconds(begin), Runtime.getRuntime().availableProcessors());
        retried(name, "retry");
        long asked = System.nanoTime();
        call("PUT", "/" + name + "/stop", "{}");
        System.out.printf("retry: stop answered in %.3f s%n", seconds(asked));
        awaitPhase(name, "Failed");
        asked = System.nanoTime();
        JsonNode again = call("PUT", "/" + name + "/resubmit", "{}");
        System.out.printf("retry: resubmit answered in %.3f s%n", seconds(asked));
        String second = again.path("metadata").path("name").asText();
        call("PUT", "/" + second + "/terminate", "{}");
        retried(name, "retry again");
        call("PUT", "/" + name + "/terminate", "{}");
        awaitPhase(name, "Failed");
        call("DELETE", "/" + name, "");
        call("DELETE", "/" + second, "");
    }

    private void retried(String name, String label) throws IOException, InterruptedException {
        CompletableFuture<Long> firstPod = new CompletableFuture<>();
        try (Watch _ = client.pods()
                .inNamespace(BenchCluster.NAMESPACE)
                .withLabel("workflows.argoproj.io/workflow", name)
                .watch(new FirstPod(firstPod, newestVersion()))) {
            long asked = System.nanoTime();
            call("PUT", "/" + name + "/retry", "{}");
            double answered = seconds(asked);
            double pod = (firstPod.get(patience.toSeconds(), TimeUnit.SECONDS) - asked) / 1e9;
            System.out.printf("retry: %s answered in %.3f s, first pod after %.3f s%n", label, answered, pod);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("no pod of the retried workflow was seen", e);
        }
    }

    private long newestVersion() {
        return Long.parseLong(client.pods()
                .inNamespace(BenchCluster.NAMESPACE)
                .list(new io.fabric8.kubernetes.api.model.ListOptionsBuilder()
                        .withLimit(1L)
                        .build())
                .getMetadata()
                .getResourceVersion());
    }

    private void awaitPhase(String name, String wanted) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        String phase = "";
        while (!phase.equals(wanted)) {
            if (System.nanoTime() - begin > patience.toNanos()) {
                throw new IllegalStateException(name + " is " + phase + " and not " + wanted + " after " + patience);
            }
            TimeUnit.MILLISECONDS.sleep(500);
            phase = call("GET", "/" + name + "?fields=status.phase", "")
                    .path("status")
                    .path("phase")
                    .asText();
        }
    }

    private JsonNode call(String method, String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(
                HttpRequest.newBuilder(api.resolve("/api/v1/workflows/" + BenchCluster.NAMESPACE + path))
                        .timeout(ANSWER)
                        .header("Content-Type", "application/json")
                        .method(
                                method,
                                body.isEmpty()
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(method + " " + path + ": HTTP " + response.statusCode() + " " + response.body());
        }
        return json.readTree(response.body());
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    /** Sees the first pod that is made after this version. */
    private record FirstPod(CompletableFuture<Long> seen, long after) implements Watcher<Pod> {
        @Override
        public void eventReceived(Action action, Pod pod) {
            if (action == Action.ADDED && Long.parseLong(pod.getMetadata().getResourceVersion()) > after) {
                seen.complete(System.nanoTime());
            }
        }

        @Override
        public void onClose(WatcherException cause) {
            seen.completeExceptionally(cause);
        }
    }
}
