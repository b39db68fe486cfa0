package io.tiphys.bench.recovery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.tiphys.bench.TemporaryInstance;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A local instance that a benchmark starts for itself, in a directory of its own, and takes away at its end. */
final class OwnInstance implements AutoCloseable {
    static final String NAMESPACE = "default";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final double MILLIS_PER_TICK = 10; // USER_HZ is 100 on every Linux that there is

    /**
     * A process of the instance.
     *
     * @param pid 0 while it has none
     */
    record Part(String name, long pid, String url, boolean isReady) {}

    private final TemporaryInstance instance;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final KubernetesClient client;

    private OwnInstance(TemporaryInstance instance) {
        this.instance = instance;
        this.client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.fromKubeconfig(
                                instance.home().resolve("kubeconfig").toFile()))
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
    }

    /** Starts one with {@code ./tiphys up} and these options. */
    static OwnInstance start(String... options) throws IOException {
        TemporaryInstance instance = new TemporaryInstance();
        instance.up(options);
        return new OwnInstance(instance);
    }

    KubernetesClient client() {
        return client;
    }

    Path home() {
        return instance.home();
    }

    JsonNode facts() {
        return instance.facts();
    }

    String kafka() {
        return facts().at("/urls/kafka").asText();
    }

    List<Part> parts() {
        return StreamSupport.stream(facts().path("parts").spliterator(), false)
                .map(part -> new Part(
                        part.path("name").asText(),
                        part.path("pid").asLong(),
                        part.path("url").asText(),
                        part.path("state").asText().equals("ready")))
                .toList();
    }

    List<Part> controllers() {
        return parts().stream()
                .filter(part -> part.name().startsWith("controller"))
                .toList();
    }

    boolean isAllReady() {
        List<Part> parts = parts();
        return !parts.isEmpty() && parts.stream().allMatch(Part::isReady);
    }

    /** Shards that a controller says it owns. */
    Set<Integer> shards(Part controller) {
        try {
            HttpResponse<String> answer = get(controller.url() + "/q/health/ready");
            String shards =
                    JSON.readTree(answer.body()).at("/checks/0/data/shards").asText();
            return Stream.of(shards.split(",", -1))
                    .filter(number -> !number.isEmpty())
                    .map(Integer::valueOf)
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            return Set.of(); // not up yet
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Set.of();
        }
    }

    /** Waits until all controllers own the same number of shards, give or take one. */
    void awaitShares() throws InterruptedException {
        await("every controller to have its share of the shards", Duration.ofMinutes(2), () -> {
            List<Integer> shares = controllers().stream()
                    .map(controller -> shards(controller).size())
                    .toList();
            int all = shares.stream().mapToInt(Integer::intValue).sum();
            int fair = all / Math.max(1, shares.size());
            return all == 64 && shares.stream().allMatch(share -> share == fair || share == fair + 1);
        });
    }

    HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(url))
                        .timeout(Duration.ofSeconds(30))
                        .build(),
                BodyHandlers.ofString());
    }

    /** CPU time that a process has used, all its threads together. */
    static double cpuMillis(long pid) throws IOException {
        return cpuMillis(Path.of("/proc", Long.toString(pid)));
    }

    /** CPU time of a JVM's compilers; those of threads that have ended aren't in it. */
    static double compilerMillis(long pid) throws IOException {
        double sum = 0;
        try (var threads = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path thread : threads) {
                String name = Files.readString(thread.resolve("comm"));
                if (name.startsWith("C1 Compiler") || name.startsWith("C2 Compiler")) {
                    sum += cpuMillis(thread);
                }
            }
        }
        return sum;
    }

    private static double cpuMillis(Path process) throws IOException {
        String stat = Files.readString(process.resolve("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * MILLIS_PER_TICK;
    }

    static void kill(long pid) {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }

    static void await(String what, Duration atMost, BooleanSupplier condition) throws InterruptedException {
        long giveUp = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > giveUp) {
                throw new IllegalStateException("waited " + atMost + " for " + what);
            }
            Thread.sleep(PAUSE);
        }
    }

    /** Stops it and leaves its files, for whoever wants to know what went wrong. */
    void stop() {
        client.close();
        http.close();
        instance.down();
    }

    @Override
    public void close() throws IOException {
        stop();
        instance.close();
    }
}
