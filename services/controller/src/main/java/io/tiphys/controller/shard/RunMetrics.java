package io.tiphys.controller.shard;

import io.tiphys.api.NodeType;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.controller.metrics.MetricBoard;
import io.tiphys.engine.Event;
import io.tiphys.engine.Input;
import io.tiphys.engine.MetricSample;
import io.tiphys.engine.Node;
import io.tiphys.engine.Run;
import io.tiphys.engine.Transition;
import io.tiphys.messages.WorkflowRef;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One workflow's part in the controller's metrics: its own, and what Argo counts of it. */
final class RunMetrics {
    private static final Duration RECENT = Duration.ofSeconds(10);
    private static final String PODS = "Total number of pods that have entered each phase";
    private static final String PENDING = "Total number of pods that started pending by reason";
    private static final String MISSING = "Incidents of pod missing";
    private static final String OPERATION =
            "How long the controller took to deal with one input of a workflow, in seconds";
    private static final String TRIGGERED = "Total number of workflows triggered with workflowTemplateRef, by phase";
    private static final String RUNTIME = "Duration of workflows started from workflow templates, in seconds";
    private static final String RESTARTS =
            "Total number of pods automatically restarted due to infrastructure failures before the main container started";
    private static final String TOTAL = "Total number of workflows that have entered each phase";

    private final WorkflowRef ref;
    private final ShardContext shard;

    RunMetrics(WorkflowRef ref, ShardContext shard) {
        this.ref = ref;
        this.shard = shard;
    }

    /** A value of a metric that the workflow defines. */
    void take(MetricSample sample) {
        String problem = shard.services().board().take(sample);
        if (problem != null) {
            shard.post(new ShardInput.Observed(ref.uid(), new Input.MetricRefused(problem, shard.now())));
        }
    }

    /** What became of pods by this transition. */
    void pods(Transition transition, Run run) {
        MetricBoard board = shard.services().board();
        for (Event event : transition.events()) {
            switch (event) {
                case Event.NodePhaseChanged(var seq, var phase, var _, var _)
                when isPod(run, seq) ->
                    board.count("pods_total_count", PODS, Map.of("phase", phase.json(), "namespace", ref.namespace()));
                case Event.NodeMessageChanged(var seq, var message)
                when message != null && isPod(run, seq) && !message.startsWith("PodInitializing") ->
                    board.count(
                            "pod_pending_count",
                            PENDING,
                            Map.of("reason", message.split(":", 2)[0], "namespace", ref.namespace()));
                default -> {} // says nothing of pods
            }
        }
    }

    private static boolean isPod(Run run, int seq) {
        Node node = run.at(seq);
        return node != null && node.type() == NodeType.POD;
    }

    /** A pod is gone that should be there. */
    void podMissing(Node node) {
        boolean isRecent =
                node.startedAt() > 0 && shard.now().minus(RECENT).isBefore(Instant.ofEpochMilli(node.startedAt()));
        shard.services()
                .board()
                .count(
                        "pod_missing",
                        MISSING,
                        Map.of(
                                "recently_started", Boolean.toString(isRecent),
                                "node_phase", node.phase().json()));
    }

    /** The state machine failed. */
    void broken() {
        shard.services().board().count("error_count", MetricBoard.ERRORS, Map.of("cause", "OperationPanic"));
    }

    /** An input was dealt with. */
    void worked(Duration time) {
        shard.services().board().observe("operation_duration_seconds", OPERATION, Map.of(), time.toNanos() / 1e9);
    }

    /** One of its pods is made again because it never began. */
    void podRestarted(String reason, String message) {
        shard.services()
                .board()
                .count(
                        "pod_restarts_total",
                        RESTARTS,
                        Map.of(
                                "reason", reason,
                                "condition", condition(message),
                                "namespace", ref.namespace()));
    }

    /** What a kubelet says made it evict a pod, out of its message. */
    private static String condition(String message) {
        for (String condition : List.of("DiskPressure", "MemoryPressure", "PIDPressure")) {
            if (message.contains(condition)) {
                return condition;
            }
        }
        return "";
    }

    /**
     * The workflow has come into this phase.
     *
     * @param workflow as it is in this phase
     */
    void entered(WorkflowPhase phase, Workflow workflow) {
        ofTemplate(phase, workflow);
        shard.services()
                .board()
                .count("total_count", TOTAL, Map.of("phase", phase.json(), "namespace", ref.namespace()));
    }

    private void ofTemplate(WorkflowPhase phase, Workflow workflow) {
        var template = workflow.getSpec().workflowTemplateRef();
        if (template == null || template.name() == null) {
            return;
        }
        Map<String, String> labels = Map.of(
                "name", template.name(),
                "namespace", ref.namespace(),
                "cluster_scope", Boolean.toString(template.clusterScope()));
        Map<String, String> withPhase = new HashMap<>(labels);
        withPhase.put("phase", phase.json());
        shard.services().board().count("workflowtemplate_triggered_total", TRIGGERED, withPhase);
        Instant from = workflow.getStatus().startedAt();
        Instant to = workflow.getStatus().finishedAt();
        if (phase.isFulfilled() && from != null && to != null) {
            double seconds = Duration.between(from, to).toNanos() / 1e9;
            shard.services().board().observe("workflowtemplate_runtime", RUNTIME, labels, seconds);
        }
    }
}
