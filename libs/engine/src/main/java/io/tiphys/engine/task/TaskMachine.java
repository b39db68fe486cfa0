package io.tiphys.engine.task;

import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeType;
import io.tiphys.api.Outputs;
import io.tiphys.engine.Command;
import io.tiphys.engine.Draft;
import io.tiphys.engine.Event;
import io.tiphys.engine.Input;
import io.tiphys.engine.Node;
import io.tiphys.engine.TimerKey;
import io.tiphys.engine.launch.Faults;
import io.tiphys.engine.pod.PodOrders;
import io.tiphys.engine.pod.PodProgress;
import io.tiphys.engine.scope.FilledTemplate;
import io.tiphys.engine.scope.GlobalOutputs;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A node whose work is done by the workflow's agent: {@code Pending} (ordered) → {@code Running} (a plugin said so, and wants
 * to be asked again) → ended by the agent's result, a timeout, or from outside.
 */
public final class TaskMachine {
    private TaskMachine() {}

    public static boolean isTask(Node node) {
        return node.type() == NodeType.HTTP || node.type() == NodeType.PLUGIN;
    }

    /** Orders the task of a node that has just begun, and starts its timers. */
    public static void attend(Draft draft, Node node) {
        if (node.phase() == NodePhase.PENDING) {
            order(draft, node);
        }
    }

    /** Orders the task of a node that hasn't ended; ordering it again is harmless. */
    public static void order(Draft draft, Node node) {
        switch (FilledTemplate.of(node)) {
            case FilledTemplate.Problem(var message) -> end(draft, node, NodePhase.ERROR, Faults.told(node, message));
            case FilledTemplate.Filled(var template) -> {
                draft.add(new Command.RunTask(node.id(), template));
                if (node.phase() == NodePhase.PENDING) {
                    startTimer(draft, TimerKey.timeout(node), PodOrders.after(node.startedAt(), template.timeout()));
                    startTimer(
                            draft,
                            TimerKey.pendingTimeout(node),
                            PodOrders.after(node.startedAt(), template.pendingTimeout()));
                }
            }
        }
    }

    private static void startTimer(Draft draft, String key, @Nullable Instant at) {
        if (at != null) {
            draft.add(new Command.StartTimer(key, at));
        }
    }

    /** What the agent says of the task; after its end nothing counts any more. */
    public static void report(Draft draft, Node node, Input.TaskResultReceived result) {
        if (node.isFinal()) {
            return;
        }
        Outputs outputs = result.outputs();
        if (outputs != null && !outputs.equals(node.outputs())) {
            draft.add(new Event.NodeOutputsChanged(node.seq(), outputs));
            GlobalOutputs.add(draft, outputs);
        }
        PodProgress.report(draft, node, result.progress());
        NodePhase phase = result.phase();
        if (phase == null) {
            return;
        }
        if (phase.isFulfilled()) {
            end(draft, node, phase, result.message());
        } else if (phase != node.phase() || !Objects.equals(result.message(), node.message())) {
            draft.add(new Event.NodePhaseChanged(node.seq(), phase, result.message(), draft.at()));
        }
    }

    /** Argo: template timeouts count until the task has begun; a plugin that said Running has its own ways to end. */
    public static void timedOut(Draft draft, Node node) {
        if (node.phase() == NodePhase.PENDING) {
            end(draft, node, NodePhase.FAILED, Faults.TIMEOUT);
        }
    }

    /** Ends the node; the agent needn't go on. */
    public static void end(Draft draft, Node node, NodePhase phase, @Nullable String message) {
        draft.add(new Event.NodePhaseChanged(node.seq(), phase, message, draft.at()));
        draft.add(new Command.DropTask(node.id()));
    }
}
