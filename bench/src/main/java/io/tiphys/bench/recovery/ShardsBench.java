package io.tiphys.bench.recovery;

import io.tiphys.bench.recovery.OwnInstance.Part;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What sharing the work costs: CPU time of all controllers together per 1,000 nodes, for one controller and for several. What their JVMs'
 * compilers take is told apart: each JVM has its own to do, once, which no warm-up of a bearable length gets done.
 *
 * <p>{@code ./tiphys bench shards [--controllers 1,2,4] [--nodes N]}. An instance of its own for each number; the nodes are those of
 * workflows with 50 pods, which end at once. Each controller is warmed up with as many nodes as it is measured with.
 */
public final class ShardsBench {
    private static final int ITEMS = 50;
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private final OwnInstance instance;
    private final Workflows workflows;
    private int number;

    private ShardsBench(OwnInstance instance) {
        this.instance = instance;
        this.workflows = new Workflows(instance.client());
    }

    /** Measures and prints. */
    public static void run(List<Integer> controllers, int nodes) throws IOException, InterruptedException {
        System.out.printf("shards: %d cores%n", Runtime.getRuntime().availableProcessors());
        double first = 0;
        for (int count : controllers) {
            try (OwnInstance instance = OwnInstance.start(
                            "--controllers", Integer.toString(count), "--without", "uploader,archive,artifact-gc");
                    PretendNode _ = new PretendNode(instance.client(), Duration.ZERO, false, _ -> false)) {
                instance.awaitShares();
                ShardsBench bench = new ShardsBench(instance);
                bench.workflows(nodes * count);
                Used before = bench.used();
                long begun = System.nanoTime();
                int done = bench.workflows(nodes);
                double seconds = (System.nanoTime() - begun) / 1e9;
                Used after = bench.used();
                double compilers = (after.compilers() - before.compilers()) / done;
                double perThousand = (after.all() - before.all()) / done - compilers;
                first = first == 0 ? perThousand : first;
                System.out.printf(
                        "shards: %d controllers: %.2f CPU-s per 1,000 nodes (%.2f of the first) and %.2f of their compilers, %d nodes in %.1f s%n",
                        count, perThousand, perThousand / first, compilers, done, seconds);
            }
        }
    }

    /** In milliseconds. */
    private record Used(double all, double compilers) {}

    private Used used() throws IOException {
        double all = 0;
        double compilers = 0;
        for (Part controller : instance.controllers()) {
            compilers += OwnInstance.compilerMillis(controller.pid());
            all += OwnInstance.cpuMillis(controller.pid());
        }
        return new Used(all, compilers);
    }

    /** Runs workflows with at least as many nodes, and returns with how many. */
    private int workflows(int nodes) throws InterruptedException {
        List<String> names = Stream.generate(() -> "shards-" + number++)
                .limit((nodes + ITEMS - 1) / ITEMS)
                .toList();
        for (String name : names) {
            workflows.create(manifest(name));
        }
        List<String> left = new ArrayList<>(names);
        OwnInstance.await("the end of " + names.size() + " workflows", LIMIT, () -> {
            left.removeIf(workflows::isOver);
            return left.isEmpty();
        });
        for (String name : names) {
            if (!workflows.phase(name).equals("Succeeded")) {
                throw new IllegalStateException("workflow " + name + " is " + workflows.phase(name));
            }
        }
        return names.size() * (ITEMS + 2);
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
                    - - {name: item, template: work, withSequence: {count: "%d"}}
                  - name: work
                    container: {image: "alpine:3.20", command: ["true"]}
                """.formatted(name, PretendNode.POD_SPEC_PATCH, ITEMS);
    }
}
