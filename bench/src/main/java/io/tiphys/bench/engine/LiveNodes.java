package io.tiphys.bench.engine;

import io.tiphys.engine.Command;
import io.tiphys.engine.Engine;
import io.tiphys.engine.Input;
import io.tiphys.engine.Node;
import io.tiphys.engine.PodFacts;
import io.tiphys.engine.PodFacts.ContainerFacts;
import io.tiphys.engine.PodFacts.ContainerState;
import io.tiphys.engine.PodFacts.PodPhase;
import io.tiphys.engine.PodFacts.Role;
import io.tiphys.engine.Run;
import io.tiphys.engine.Transition;
import io.tiphys.engine.definition.WorkflowDefinition;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;

/** What a run holds while all of its pods run: their nodes have been made, and each pod was seen on its host. */
public final class LiveNodes {
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
    private static final int HOSTS = 100;
    private static final List<Shape> SHAPES = List.of(
            Shape.WITH_ITEMS,
            Shape.WITH_SEQUENCE,
            Shape.WITH_PARAM,
            Shape.DAG_LOOP,
            Shape.RETRIES,
            Shape.HOOKS,
            Shape.MUTEX);

    private LiveNodes() {}

    /** Prints a line for each shape: nodes, nodes that run, and what the definition and each node take of the heap. */
    public static void print(PrintStream out, int size) {
        out.printf("%-22s %10s %10s %18s %12s%n", "heap", "nodes", "running", "definition, KiB", "bytes/node");
        for (Shape shape : SHAPES) {
            long empty = Measurement.usedHeap();
            WorkflowDefinition definition = shape.ofNodes(size);
            long compiled = Measurement.usedHeap();
            Run run = Run.create(definition);
            untilAllRun(run);
            long full = Measurement.usedHeap();
            out.printf(
                    Locale.ROOT,
                    "%-22s %,10d %,10d %,18d %,12d%n",
                    shape.title(),
                    run.nodeCount(),
                    run.activePods(),
                    (compiled - empty) / 1024,
                    (full - compiled) / run.nodeCount());
            if (run.nodes().stream().noneMatch(Node::isPodSeen)) {
                throw new IllegalStateException("no pod of shape " + shape.title() + " was ever seen");
            }
        }
    }

    private static void untilAllRun(Run run) {
        Locksmith locks = new Locksmith();
        ArrayDeque<Input> inputs = new ArrayDeque<>(List.of(new Input.Started(AT)));
        for (Input input = inputs.poll(); input != null; input = inputs.poll()) {
            Transition transition = Engine.step(run, input);
            for (Command command : transition.commands()) {
                switch (command) {
                    case Command.EnsurePod order ->
                        inputs.add(new Input.PodObserved(order.nodeId(), running(order), AT));
                    case Command.AcquireLocks wish -> locks.want(wish, AT);
                    case Command.ReleaseLocks release -> locks.release(release);
                    default -> {}
                }
            }
            locks.answer(AT, inputs::add);
        }
    }

    /** All its texts are its own, as if they had just been read. */
    private static PodFacts running(Command.EnsurePod order) {
        String host = "host-" + Math.floorMod(order.nodeId().hashCode(), HOSTS);
        ContainerFacts main =
                new ContainerFacts("main", Role.MAIN, ContainerState.RUNNING, true, null, null, null, null, null);
        return new PodFacts(
                order.podName(), PodPhase.RUNNING, null, null, host, "10.0.0.1", null, List.of(main), false);
    }
}
