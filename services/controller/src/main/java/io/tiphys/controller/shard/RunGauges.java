package io.tiphys.controller.shard;

import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeType;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.controller.metrics.MetricBoard;
import io.tiphys.engine.Event;
import io.tiphys.engine.Node;
import io.tiphys.engine.Run;
import io.tiphys.engine.Transition;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One workflow's part in what the controller shows of the present: how many workflows there are in which phase, how many of them have pods
 * that run, how many pods (Argo: docs/metrics.md, {@code gauge}, {@code workflow_condition}, {@code pods_gauge}). For the shard's own
 * thread.
 */
final class RunGauges {
    private static final String WORKFLOWS = "number of Workflows currently accessible by the controller by status";
    private static final String CONDITIONS = "Workflow condition.";
    private static final String PODS = "Number of Pods from Workflows currently in the system by phase";

    private final MetricBoard board;
    /** By the node's seq: those that were seen and haven't ended. */
    private final Map<Integer, NodePhase> pods = new HashMap<>();

    private WorkflowPhase phase = WorkflowPhase.UNKNOWN;
    private @Nullable Boolean runsPods;

    RunGauges(MetricBoard board) {
        this.board = board;
    }

    /** The replica has the workflow in hand from now on. */
    void begin(Run run) {
        for (Node node : run.nodes()) {
            if (node.type() == NodeType.POD && !node.isFinal() && node.isPodSeen()) {
                pod(node.seq(), node.phase());
            }
        }
        shows(run);
    }

    /** The workflow has changed. */
    void take(Transition transition, Run run) {
        for (Event event : transition.events()) {
            switch (event) {
                case Event.PodPlaced placed -> known(run.at(placed.node()));
                case Event.NodePhaseChanged(var seq, var _, var _, var _) -> known(run.at(seq));
                case Event.PodRestarted restarted -> pod(restarted.node(), null);
                case Event.NodeRemoved(var seq) -> pod(seq, null);
                default -> {} // says nothing of pods
            }
        }
        shows(run);
    }

    /** The replica has no more to do with the workflow. */
    void end() {
        Map.copyOf(pods).keySet().forEach(seq -> pod(seq, null));
        phase(WorkflowPhase.UNKNOWN);
        runsPods(null);
    }

    private void known(@Nullable Node node) {
        if (node != null && node.type() == NodeType.POD) {
            boolean isThere = node.isPodSeen() && !node.isFinal();
            pod(node.seq(), isThere ? node.phase() : null);
        }
    }

    private void shows(Run run) {
        phase(run.phase());
        runsPods(run.progressTotal() > 0 ? run.activePods() > 0 : null);
    }

    private void pod(int seq, @Nullable NodePhase now) {
        NodePhase before = now == null ? pods.remove(seq) : pods.put(seq, now);
        if (before != now) {
            move("pods_gauge", PODS, before == null ? null : before.json(), now == null ? null : now.json());
        }
    }

    private void phase(WorkflowPhase now) {
        if (phase != now) {
            move("gauge", WORKFLOWS, name(phase), name(now));
            phase = now;
        }
    }

    private static @Nullable String name(WorkflowPhase phase) {
        return phase == WorkflowPhase.UNKNOWN ? null : phase.json();
    }

    private void move(String metric, String help, @Nullable String from, @Nullable String to) {
        if (from != null) {
            board.move(metric, help, Map.of("phase", from), -1);
        }
        if (to != null) {
            board.move(metric, help, Map.of("phase", to), 1);
        }
    }

    private void runsPods(@Nullable Boolean now) {
        if (Objects.equals(now, runsPods)) {
            return;
        }
        if (runsPods != null) {
            board.move("workflow_condition", CONDITIONS, condition(runsPods), -1);
        }
        if (now != null) {
            board.move("workflow_condition", CONDITIONS, condition(now), 1);
        }
        runsPods = now;
    }

    private static Map<String, String> condition(boolean holds) {
        return Map.of("type", "PodRunning", "status", holds ? "True" : "False");
    }
}
