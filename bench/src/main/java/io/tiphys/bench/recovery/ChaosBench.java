package io.tiphys.bench.recovery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.tiphys.bench.recovery.OwnInstance.Part;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * A workflow of 2,000 nodes ({@link ChaosWorkflow}) while parts of the system are killed with -9 at random: three controllers and the
 * other services, and Postgres. The history of every run is checked ({@link ChaosHistory}).
 *
 * <p>{@code ./tiphys bench chaos [--runs N] [--seed N]}. The seed decides which part is killed when; what happens in between is as real
 * as it gets, so the same seed may show something else. The broker lives in the instance's own process, as do the API server, the
 * object store and the node, and isn't killed.
 */
public final class ChaosBench {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofMinutes(10);

    /** Nodes come to the archive by another topic than the workflow's end, so the end may be there before the last of them. */
    private static final Duration SETTLES = Duration.ofMinutes(1);

    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration POD_LASTS = Duration.ofMillis(150);
    private static final int SHORTEST_PAUSE_MILLIS = 1000;
    private static final int LONGEST_PAUSE_MILLIS = 5000;
    private static final int MOST_DOWN = 3;
    private static final Set<String> VICTIMS = Set.of(
            "controller",
            "controller-2",
            "controller-3",
            "uploader",
            "archive",
            "submitter",
            "artifact-gc",
            "postgres");

    private final OwnInstance instance;
    private final Workflows workflows;

    private ChaosBench(OwnInstance instance) {
        this.instance = instance;
        this.workflows = new Workflows(instance.client());
    }

    /**
     * Runs and prints; false if the history of a run is not as it must be.
     *
     * @param seed of the first run; each following one has the next
     */
    public static boolean run(int runs, long seed) throws IOException, InterruptedException {
        System.out.printf(
                "chaos: %d runs of %d nodes, %d cores, first seed %d%n",
                runs, ChaosWorkflow.nodes(), Runtime.getRuntime().availableProcessors(), seed);
        OwnInstance instance = OwnInstance.start("--controllers", "3");
        int good = 0;
        try (PodWatch watch = new PodWatch(instance.client());
                PretendNode _ = new PretendNode(
                        instance.client(),
                        POD_LASTS,
                        false,
                        pod -> pod.getMetadata()
                                .getAnnotations()
                                .getOrDefault(PodWatch.NODE_NAME, "")
                                .endsWith(")(0)"))) {
            instance.client()
                    .configMaps()
                    .inNamespace(OwnInstance.NAMESPACE)
                    .resource(new ConfigMapBuilder()
                            .withNewMetadata()
                            .withName(ChaosWorkflow.SEMAPHORE_CONFIG)
                            .endMetadata()
                            .withData(Map.of("few", Integer.toString(ChaosWorkflow.SEMAPHORE_LIMIT)))
                            .build())
                    .create();
            ChaosBench bench = new ChaosBench(instance);
            for (int run = 0; run < runs; run++) {
                good += bench.once(seed + run, watch) ? 1 : 0;
            }
        } catch (IllegalStateException e) {
            System.out.println("chaos: " + e.getMessage());
        } finally {
            System.out.printf("chaos: %d of %d runs as they must be%n", good, runs);
            if (good == runs) {
                instance.close();
            } else {
                instance.stop();
                System.out.println("chaos: the logs are in " + instance.home().resolve("logs"));
            }
        }
        return good == runs;
    }

    private boolean once(long seed, PodWatch watch) throws IOException, InterruptedException {
        OwnInstance.await("all parts to be ready", LIMIT, instance::isAllReady);
        String name = "chaos-" + seed;
        Path witness = Files.createDirectories(instance.home().resolve(name));
        long begun = System.nanoTime();
        workflows.create(ChaosWorkflow.manifest(name, witness.toString()));
        Map<String, Integer> kills = killUntilOver(name, new Random(seed), begun);
        double seconds = (System.nanoTime() - begun) / 1e9;
        OwnInstance.await("all parts to be ready again", LIMIT, instance::isAllReady);
        OwnInstance.await(
                "the archive to have " + name,
                LIMIT,
                () -> workflows
                        .label(name, "workflows.argoproj.io/workflow-archiving-status")
                        .equals("Archived"));

        List<String> problems = problems(name, watch, witness.resolve("runs"));
        for (long giveUp = System.nanoTime() + SETTLES.toNanos();
                !problems.isEmpty() && System.nanoTime() < giveUp;
                problems = problems(name, watch, witness.resolve("runs"))) {
            Thread.sleep(LOOK);
        }
        System.out.printf(
                "chaos: seed %d: %s after %.1f s, killed %s%n",
                seed, problems.isEmpty() ? "as it must be" : "WRONG", seconds, kills);
        problems.forEach(problem -> System.out.println("chaos:   " + problem));
        if (problems.isEmpty()) {
            workflows.delete(name); // or the local system's heap holds 2,000 pods more after each run
        }
        return problems.isEmpty();
    }

    private List<String> problems(String name, PodWatch watch, Path runs) throws IOException, InterruptedException {
        String path = "/namespaces/" + OwnInstance.NAMESPACE + "/workflows/" + name;
        return ChaosHistory.problems(
                watch.entries(name),
                answer(instance.facts().at("/urls/api").asText() + "/api/v1/workflows/" + OwnInstance.NAMESPACE + "/"
                        + name),
                answer(instance.facts().at("/urls/archive").asText() + "/v1" + path),
                Files.exists(runs) ? Files.readAllLines(runs) : List.of());
    }

    /** Kills something that is ready every few seconds, unless several are down; counts what. */
    private Map<String, Integer> killUntilOver(String name, Random random, long begun) throws InterruptedException {
        Map<String, Integer> kills = new TreeMap<>();
        while (!workflows.isOver(name)) {
            if (System.nanoTime() - begun > LIMIT.toNanos()) {
                throw new IllegalStateException("workflow " + name + " is not over after " + LIMIT);
            }
            Thread.sleep(random.nextInt(SHORTEST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS));
            List<Part> alive = new ArrayList<>(instance.parts());
            alive.removeIf(part -> !VICTIMS.contains(part.name()) || part.pid() == 0 || !part.isReady());
            boolean isEnough = alive.size() < VICTIMS.size() - MOST_DOWN; // or nothing but restarts is seen
            if (!isEnough && !workflows.isOver(name)) {
                Part victim = alive.get(random.nextInt(alive.size()));
                OwnInstance.kill(victim.pid());
                kills.merge(victim.name(), 1, Integer::sum);
            }
        }
        return kills;
    }

    private JsonNode answer(String url) throws IOException, InterruptedException {
        HttpResponse<String> answer = instance.get(url);
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(url + " was answered " + answer.statusCode() + ": " + answer.body());
        }
        return JSON.readTree(answer.body());
    }
}
