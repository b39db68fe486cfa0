package io.tiphys.controller.shard;

import io.tiphys.api.NodePhase;
import io.tiphys.controller.kube.KubeEvents;
import io.tiphys.engine.Event;
import io.tiphys.engine.Node;
import io.tiphys.engine.Run;
import io.tiphys.engine.Transition;
import io.tiphys.messages.WorkflowRef;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Kubernetes Events about nodes that begin to run or end, worded and annotated as Argo does; a node that ends without
 * having been seen to run gets both.
 */
final class NodeEvents {
    private static final String PREFIX = "workflows.argoproj.io/";

    private final WorkflowRef ref;
    private final ShardContext shard;
    private final Set<Integer> running = new HashSet<>();

    NodeEvents(WorkflowRef ref, ShardContext shard) {
        this.ref = ref;
        this.shard = shard;
    }

    void activate(Run run) {
        run.nodes().stream().filter(node -> node.phase() == NodePhase.RUNNING).forEach(node -> running.add(node.seq()));
    }

    /** What is to be told of a transition. */
    List<KubeEvents.Note> of(Run run, Transition transition, SeenPods pods) {
        if (!shard.services().settings().nodeEvents()) {
            return List.of();
        }
        List<KubeEvents.Note> notes = new ArrayList<>();
        for (Event event : transition.events()) {
            if (event instanceof Event.NodeAdded added) {
                note(notes, run.at(added.node()), added.phase(), added.message(), pods);
            } else if (event instanceof Event.NodePhaseChanged(var seq, var phase, var message, var _)) {
                note(notes, run.at(seq), phase, message, pods);
            }
        }
        return notes;
    }

    private void note(
            List<KubeEvents.Note> notes,
            @Nullable Node node,
            NodePhase phase,
            @Nullable String message,
            SeenPods pods) {
        if (node == null) {
            return;
        }
        if (phase == NodePhase.RUNNING) {
            if (running.add(node.seq())) {
                add(notes, node, phase, message, pods);
            }
        } else if (phase.isFulfilled()) {
            if (!running.remove(node.seq())) {
                add(notes, node, NodePhase.RUNNING, message, pods);
            }
            add(notes, node, phase, message, pods);
        }
    }

    private void add(List<KubeEvents.Note> notes, Node node, NodePhase phase, @Nullable String message, SeenPods pods) {
        if (shard.services().events().hasRoom(shard.now())) {
            notes.add(note(node, phase, message, pods));
        }
    }

    private KubeEvents.Note note(Node node, NodePhase phase, @Nullable String message, SeenPods pods) {
        Map<String, String> annotations = new LinkedHashMap<>();
        annotations.put(PREFIX + "node-type", node.type().json());
        annotations.put(PREFIX + "node-name", node.name());
        annotations.put(PREFIX + "node-id", node.id());
        annotations.put(PREFIX + "node-start-time", Long.toString(node.startedAt() * 1_000_000));
        String podUid = shard.services().settings().nodeEventsAsPod() ? pods.uid(node.id()) : null;
        KubeEvents.Subject subject = KubeEvents.Subject.of(ref);
        if (podUid != null) {
            annotations.put(PREFIX + "workflow-name", ref.name());
            annotations.put(PREFIX + "workflow-uid", ref.uid());
            subject = new KubeEvents.Subject("v1", "Pod", ref.namespace(), node.podName(), podUid);
        }
        boolean good = phase == NodePhase.SUCCEEDED || phase == NodePhase.RUNNING;
        String text = phase.json() + " node " + node.name();
        return new KubeEvents.Note(
                subject,
                good ? "Normal" : "Warning",
                "WorkflowNode" + phase.json(),
                message == null || message.isEmpty() ? text : text + ": " + message,
                annotations,
                shard.now());
    }
}
