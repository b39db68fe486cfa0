package io.tiphys.bench;

import io.tiphys.api.Manifests;
import io.tiphys.api.Workflow;
import io.tiphys.engine.Command;
import io.tiphys.engine.Engine;
import io.tiphys.engine.Event;
import io.tiphys.engine.Input;
import io.tiphys.engine.PodFacts;
import io.tiphys.engine.PodFacts.ContainerFacts;
import io.tiphys.engine.PodFacts.ContainerState;
import io.tiphys.engine.PodFacts.PodPhase;
import io.tiphys.engine.PodFacts.Role;
import io.tiphys.engine.Run;
import io.tiphys.engine.Transition;
import io.tiphys.engine.definition.References;
import io.tiphys.engine.definition.WorkflowDefinition;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What one pod event costs the engine in fan-outs of 100 to 100,000 nodes, which should be the same, and how many changes
 * of phase it makes in a second on one core. Heap per node is what the live run of the largest one holds.
 */
public final class EngineBench {
    private static final int[] SIZES = {100, 1_000, 10_000, 100_000};
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
    private static final PodFacts RUNNING = pod(PodPhase.RUNNING, ContainerState.RUNNING, null);
    private static final PodFacts SUCCEEDED = pod(PodPhase.SUCCEEDED, ContainerState.TERMINATED, 0);

    private EngineBench() {}

    /** Prints a table. */
    public static void main(String[] args) {
        PrintStream out = System.out;
        int events = args.length > 0 ? Integer.parseInt(args[0]) : 400_000;
        for (String shape : List.of("steps", "dag")) {
            measure(shape, 10_000, events);
            out.printf("%-6s %10s %14s %8s %16s%n", shape, "nodes", "ns/pod event", "ratio", "transitions/s");
            double first = 0;
            for (int size : SIZES) {
                Figures figures = measure(shape, size, events);
                first = first == 0 ? figures.nanosPerEvent() : first;
                out.printf(
                        Locale.ROOT,
                        "%-6s %,10d %,14.0f %8.2f %,16.0f%n",
                        "",
                        size,
                        figures.nanosPerEvent(),
                        figures.nanosPerEvent() / first,
                        figures.transitionsPerSecond());
            }
        }
        out.printf(Locale.ROOT, "heap per node, 100,000 running: %,d bytes%n", heapPerNode());
    }

    private record Figures(double nanosPerEvent, double transitionsPerSecond) {}

    /** Runs workflows of this size until so many pod events were seen, and takes the best of three. */
    private static Figures measure(String shape, int size, int events) {
        Figures best = new Figures(Double.MAX_VALUE, 0);
        for (int round = 0; round < 3; round++) {
            long nanos = 0;
            long seen = 0;
            long transitions = 0;
            while (seen < events) {
                Run run = Run.create(WorkflowDefinition.compile(workflow(shape, size), References.NONE));
                List<String> pods = start(run);
                long began = System.nanoTime();
                for (String pod : pods) {
                    transitions += phases(Engine.step(run, new Input.PodObserved(pod, RUNNING, AT)));
                    transitions += phases(Engine.step(run, new Input.PodObserved(pod, SUCCEEDED, AT)));
                }
                nanos += System.nanoTime() - began;
                seen += 2L * pods.size();
                if (!run.phase().isFulfilled()) {
                    throw new IllegalStateException("the workflow should have ended, but is " + run.phase());
                }
            }
            Figures figures = new Figures((double) nanos / seen, transitions * 1e9 / nanos);
            best = figures.nanosPerEvent() < best.nanosPerEvent() ? figures : best;
        }
        return best;
    }

    private static List<String> start(Run run) {
        List<String> pods = new ArrayList<>();
        for (Command command : Engine.step(run, new Input.Started(AT)).commands()) {
            if (command instanceof Command.EnsurePod order) {
                pods.add(order.nodeId());
            }
        }
        return pods;
    }

    private static long phases(Transition transition) {
        long count = 0;
        for (Event event : transition.events()) {
            if (event instanceof Event.NodePhaseChanged || event instanceof Event.NodeAdded) {
                count++;
            }
        }
        return count;
    }

    private static long heapPerNode() {
        int size = 100_000;
        long before = usedHeap();
        Run run = Run.create(WorkflowDefinition.compile(workflow("steps", size), References.NONE));
        for (String pod : start(run)) {
            Engine.step(run, new Input.PodObserved(pod, RUNNING, AT));
        }
        long after = usedHeap();
        if (run.nodeCount() < size) {
            throw new IllegalStateException("nodes are missing");
        }
        return (after - before) / size;
    }

    private static long usedHeap() {
        Runtime runtime = Runtime.getRuntime();
        for (int i = 0; i < 4; i++) {
            System.gc();
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static Workflow workflow(String shape, int size) {
        String loop = "name: work, template: work, withSequence: {count: " + size
                + "}, arguments: {parameters: [{name: n, value: 'item {{item}}'}]}";
        String body = shape.equals("dag") ? "  dag: {tasks: [{" + loop + "}]}" : "  steps: [[{" + loop + "}]]";
        return Manifests.read("""
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: bench, namespace: default, uid: u}
                spec:
                  entrypoint: main
                  templates:
                  - name: main
                %s
                  - name: work
                    inputs: {parameters: [{name: n}]}
                    container: {image: busybox, command: ["true"]}
                """.formatted(body.indent(2)), Workflow.class);
    }

    private static PodFacts pod(PodPhase phase, ContainerState state, @Nullable Integer exitCode) {
        ContainerFacts main = new ContainerFacts("main", Role.MAIN, state, true, null, null, exitCode, null, null);
        return new PodFacts("pod", phase, null, null, "host", null, null, List.of(main), false);
    }
}
