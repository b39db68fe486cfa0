package io.tiphys.engine.pod;

import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeType;
import io.tiphys.engine.Containers;
import io.tiphys.engine.Draft;
import io.tiphys.engine.Event;
import io.tiphys.engine.Node;
import io.tiphys.engine.Origin;
import io.tiphys.engine.PodFacts;
import io.tiphys.engine.PodFacts.ContainerFacts;
import io.tiphys.engine.definition.CompiledTemplate;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The containers of a container set: nodes of their own below the pod's, whose phases follow the containers'. */
final class ContainerSet {
    /** What emissary exits with when it fails itself, as Argo's does. */
    private static final int EMISSARY_FAILED = 64;

    private ContainerSet() {}

    static void add(Draft draft, Node pod, CompiledTemplate template) {
        for (int index : Containers.order(template)) {
            draft.add(new Event.NodeAdded(
                    draft.nextSeq(),
                    pod.seq(),
                    pod.seq(),
                    new Origin(Origin.Kind.CONTAINER, index, -1, Containers.name(template, index)),
                    NodeType.CONTAINER,
                    NodePhase.PENDING,
                    template.key(),
                    (@Nullable String) null,
                    null,
                    pod.isOnExit(),
                    draft.at()));
        }
    }

    static void observe(Draft draft, Node pod, PodFacts facts) {
        if (Containers.of(pod).isEmpty()) {
            return;
        }
        for (ContainerFacts container : facts.containers()) {
            Node node = Containers.find(pod, container.name());
            if (node != null && !node.isFinal()) {
                observe(draft, node, container);
            }
        }
    }

    private static void observe(Draft draft, Node node, ContainerFacts container) {
        Integer exitCode = container.exitCode();
        switch (container.state()) {
            case WAITING -> {}
            case RUNNING -> {
                if (node.phase() == NodePhase.PENDING) {
                    draft.add(new Event.NodePhaseChanged(node.seq(), NodePhase.RUNNING, null, draft.at()));
                }
            }
            case TERMINATED -> {
                Instant finished = container.finishedAt();
                Instant at = finished == null ? draft.at() : finished;
                int code = exitCode == null ? 0 : exitCode;
                boolean byEmissary = code == EMISSARY_FAILED || code == PodOutcome.GATE_CLOSED;
                NodePhase phase = code == 0 ? NodePhase.SUCCEEDED : byEmissary ? NodePhase.ERROR : NodePhase.FAILED;
                String text = container.message() == null ? "" : container.message();
                String message = code == 0
                        ? null
                        : container.name() + ": " + container.reason() + " (exit code " + code + "): " + text;
                draft.add(new Event.NodePhaseChanged(node.seq(), phase, message, at));
            }
        }
    }

    /** What is still open ends with the pod. */
    static void end(Draft draft, Node pod, NodePhase phase, @Nullable String message, Instant at) {
        for (Node node : Containers.of(pod)) {
            if (!node.isFinal() && !draft.ends(node)) {
                String why = phase == NodePhase.SUCCEEDED || message != null
                        ? message
                        : "Pod Failed whilst container running";
                draft.add(new Event.NodePhaseChanged(node.seq(), phase, why, at));
            }
        }
    }
}
