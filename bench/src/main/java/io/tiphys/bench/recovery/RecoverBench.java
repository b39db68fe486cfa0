package io.tiphys.bench.recovery;

import io.tiphys.bench.recovery.OwnInstance.Part;
import io.tiphys.messages.Shards;
import io.tiphys.messages.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What happens when a controller dies: from {@code kill -9} to the first decision about one of its workflows, by another
 * controller; and how long it takes to restore a large run from its journal ({@link Restoring}).
 *
 * <p>{@code ./tiphys bench recover [--nodes 100000] [--kills 3]}. A decision shows as the next pod of a workflow whose pod ended right
 * after the kill; among three controllers, on an instance of its own.
 */
public final class RecoverBench {
    private static final int CONTROLLERS = 3;
    private static final int WORKFLOWS = 48;
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private RecoverBench() {}

    /**
     * Measures and prints.
     *
     * @param nodes of the run to restore; 0 to leave that out
     * @param kills of controllers; 0 to leave that out
     */
    public static void run(int nodes, int kills) throws IOException, InterruptedException {
        System.out.printf("recover: %d cores%n", Runtime.getRuntime().availableProcessors());
        if (nodes > 0) {
            try (OwnInstance instance =
                    OwnInstance.start("--without", "submitter,controller,uploader,artifact-gc,archive")) {
                Restoring.measure(instance.kafka(), nodes);
            }
        }
        if (kills == 0) {
            return;
        }
        try (OwnInstance instance = OwnInstance.start(
                "--controllers",
                Integer.toString(CONTROLLERS),
                "--without",
                "submitter,uploader,archive,artifact-gc")) {
            for (int kill = 1; kill <= kills; kill++) {
                takeOver(instance, kill);
            }
        }
    }

    private static void takeOver(OwnInstance instance, int kill) throws InterruptedException {
        OwnInstance.await("all controllers", LIMIT, instance::isAllReady);
        instance.awaitShares();
        Workflows workflows = new Workflows(instance.client());
        Map<String, Integer> shardOf = new TreeMap<>();
        try (PodWatch watch = new PodWatch(instance.client());
                PretendNode node = new PretendNode(instance.client(), Duration.ZERO, true, _ -> false)) {
            for (String name : names(kill)) {
                shardOf.put(name, Shards.of(workflows.create(manifest(name)), Topics.SHARDS));
            }
            OwnInstance.await("the first pods", LIMIT, () -> node.held() == WORKFLOWS);
            Part victim = instance.controllers().stream()
                    .max(Comparator.comparingLong(controller -> count(instance.shards(controller), shardOf)))
                    .orElseThrow();
            Set<Integer> orphaned = instance.shards(victim);

            long killed = System.nanoTime();
            OwnInstance.kill(victim.pid());
            node.release();
            OwnInstance.await(
                    "the second pods", LIMIT, () -> seconds(watch, shardOf).size() == WORKFLOWS);

            List<Double> ofOthers = new ArrayList<>();
            List<Double> ofVictim = new ArrayList<>();
            seconds(watch, shardOf)
                    .forEach((name, at) ->
                            (orphaned.contains(shardOf.get(name)) ? ofVictim : ofOthers).add((at - killed) / 1e9));
            System.out.printf(
                    "recover: kill %d: first decision about one of the %d orphaned workflows after %.1f s, last after %.1f s;"
                            + " the others went on within %.1f s%n",
                    kill,
                    ofVictim.size(),
                    ofVictim.stream().min(Comparator.naturalOrder()).orElse(Double.NaN),
                    ofVictim.stream().max(Comparator.naturalOrder()).orElse(Double.NaN),
                    ofOthers.stream().max(Comparator.naturalOrder()).orElse(Double.NaN));
            // or their pods would be taken for those of the next round
            OwnInstance.await(
                    "the workflows' ends", LIMIT, () -> names(kill).stream().allMatch(workflows::isOver));
        }
    }

    private static long count(Set<Integer> shards, Map<String, Integer> shardOf) {
        return shardOf.values().stream().filter(shards::contains).count();
    }

    private static List<String> names(int kill) {
        return IntStream.range(0, WORKFLOWS)
                .mapToObj(number -> "recover-" + kill + "-" + number)
                .toList();
    }

    /** When the second pod of each workflow was seen. */
    private static Map<String, Long> seconds(PodWatch watch, Map<String, Integer> shardOf) {
        return watch.entries().stream()
                .filter(entry -> entry.what() == PodWatch.What.CREATED
                        && entry.node().endsWith(".second")
                        && shardOf.containsKey(entry.workflow()))
                .collect(Collectors.toMap(PodWatch.Entry::workflow, PodWatch.Entry::at, Math::min, TreeMap::new));
    }

    private static String manifest(String name) {
        return """
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: %s}
                spec:
                  entrypoint: main
                  podSpecPatch: '%s'
                  templates:
                  - name: main
                    steps:
                    - - {name: first, template: work}
                    - - {name: second, template: work}
                  - name: work
                    container: {image: "alpine:3.20", command: ["true"]}
                """.formatted(name, PretendNode.POD_SPEC_PATCH);
    }
}
