package io.tiphys.controller.shard;

import io.tiphys.api.WorkflowPhase;
import io.tiphys.controller.metrics.MetricBoard;
import io.tiphys.engine.Input;
import io.tiphys.engine.MetricSample;
import io.tiphys.messages.WorkflowRef;
import java.util.Map;

/** One workflow's part in the controller's metrics: its own, and what Argo counts of it. */
final class RunMetrics {
    private static final String GAUGE = "number of Workflows currently accessible by the controller by status";
    private static final String TOTAL = "Total number of workflows that have entered each phase";

    private final WorkflowRef ref;
    private final ShardContext shard;
    private WorkflowPhase shown = WorkflowPhase.UNKNOWN;

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

    /** The workflow is in this phase, or, with {@link WorkflowPhase#UNKNOWN}, nobody's here any more. */
    void shows(WorkflowPhase phase) {
        if (phase == shown) {
            return;
        }
        MetricBoard board = shard.services().board();
        if (shown != WorkflowPhase.UNKNOWN) {
            board.move("gauge", GAUGE, Map.of("phase", shown.json()), -1);
        }
        if (phase != WorkflowPhase.UNKNOWN) {
            board.move("gauge", GAUGE, Map.of("phase", phase.json()), 1);
        }
        shown = phase;
    }

    /** The workflow has come into this phase. */
    void entered(WorkflowPhase phase) {
        shard.services()
                .board()
                .count("total_count", TOTAL, Map.of("phase", phase.json(), "namespace", ref.namespace()));
    }
}
