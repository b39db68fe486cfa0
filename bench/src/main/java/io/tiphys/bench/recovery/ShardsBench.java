package io.tiphys.bench.recovery;

import io.tiphys.bench.recovery.OwnInstance.Part;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What sharing the work costs: CPU time of all controllers together per 1,000 nodes, for one controller and for several. What their JVMs'
 * compilers take is told apart: each JVM has its own to do, once. Code gets faster for a long time, and several controllers are as warm as
 * one was only after each has had as many nodes; so there are rounds, each with as many nodes for each controller, and rounds of the same
 * number are compared. Nodes come at the same pace for each controller: a busier one does more of them in one go, which is cheaper, and
 * without a pace several controllers would share what the API server of the one machine lets through.
 *
 * <p>{@code ./tiphys bench shards [--controllers 1,2,4] [--nodes N] [--rounds N] [--pace N]}: nodes for each controller and round, and how
 * many of them a second. An instance of its own for each number; the nodes are those of workflows with 50 pods, which end at once.
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
    public static void run(List<Integer> controllers, int nodes, int rounds, int pace)
            throws IOException, InterruptedException {
        System.out.printf("shards: %d cores%n", Runtime.getRuntime().availableProcessors());
        double[] first = new double[rounds];
        for (int count : controllers) {
            try (OwnInstance instance = OwnInstance.start(
                            "--controllers", Integer.toString(count), "--without", "uploader,archive,artifact-gc");
                    PretendNode _ = new PretendNode(instance.client(), Duration.ZERO, false, _ -> false)) {
                instance.awaitShares();
                ShardsBench bench = new ShardsBench(instance);
                for (int round = 0; round < rounds; round++) {
                    Used used = bench.round(nodes * count, pace * count);
                    first[round] = first[round] == 0 ? used.perThousand() : first[round];
                    System.out.printf(
                            "shards: %d controllers, round %d: %.2f CPU-s per 1,000 nodes (%.2f of the first) and %.2f of their compilers,"
                                    + " %d nodes in %.1f s%n",
                            count,
                            round + 1,
                            used.perThousand(),
                            used.perThousand() / first[round],
                            used.compilers(),
                            used.nodes(),
                            used.seconds());
                }
            }
        }
    }

    /** CPU-seconds per 1,000 nodes. */
    private record Used(double perThousand, double compilers, int nodes, double seconds) {}

    private Used round(int nodes, int pace) throws IOException, InterruptedException {
        double all = -allMillis();
        double compilers = -compilerMillis();
        long begun = System.nanoTime();
        int done = workflows(nodes, pace);
        double seconds = (System.nanoTime() - begun) / 1e9;
        all += allMillis();
        compilers += compilerMillis();
        return new Used((all - compilers) / done, compilers / done, done, seconds);
    }

    private double allMillis() throws IOException {
        double all = 0;
        for (Part controller : instance.controllers()) {
            all += OwnInstance.cpuMillis(controller.pid());
        }
        return all;
    }

    private double compilerMillis() throws IOException {
        double all = 0;
        for (Part controller : instance.controllers()) {
            all += OwnInstance.compilerMillis(controller.pid());
        }
        return all;
    }

    /** Runs workflows with at least as many nodes, so many of them a second, and returns with how many. */
    private int workflows(int nodes, int pace) throws InterruptedException {
        List<String> names = Stream.generate(() -> "shards-" + number++)
                .limit((nodes + ITEMS - 1) / ITEMS)
                .toList();
        long next = System.nanoTime();
        for (String name : names) {
            TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
            workflows.create(manifest(name));
            next += TimeUnit.SECONDS.toNanos(ITEMS) / pace;
        }
        List<String> left = new ArrayList<>(names);
        OwnInstance.await("the end of " + names.size() + " workflows", LIMIT, () -> {
            left.removeIf(workflows::isOver);
            return left.isEmpty();
        });
        for (String name : names) {
            if (!workflows.phase(name).equals("Succeeded")) {
                throw new IllegalStateException(
                        "workflow " + name + " is " + workflows.phase(name) + ": " + workflows.failures(name));
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
