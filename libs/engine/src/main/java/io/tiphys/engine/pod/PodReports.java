package io.tiphys.engine.pod;

import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeType;
import io.tiphys.api.Outputs;
import io.tiphys.engine.Command;
import io.tiphys.engine.Containers;
import io.tiphys.engine.Draft;
import io.tiphys.engine.Event;
import io.tiphys.engine.Input;
import io.tiphys.engine.Node;
import io.tiphys.engine.TimerKey;
import io.tiphys.engine.definition.CompiledTemplate;
import io.tiphys.engine.scope.GlobalOutputs;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What executors report of pods: their outputs as they come, and the end of a node whose pod waited for that. A report that
 * doesn't come within {@link #GRACE} counts as lost.
 */
public final class PodReports {
    /** How long a pod that has ended waits for its executor's report. */
    public static final Duration GRACE = Duration.ofSeconds(60);

    private PodReports() {}

    /** The executor's report: outputs as they come, and the node's end when its pod was waiting for that. */
    public static void report(Draft draft, Node node, Input.TaskResultReceived result) {
        if (node.type() != NodeType.POD) {
            return;
        }
        Outputs outputs = result.outputs();
        if (outputs != null) {
            Outputs merged = ReportedOutputs.merge(node, outputs);
            if (!merged.equals(node.outputs())) {
                draft.add(new Event.NodeOutputsChanged(node.seq(), merged));
                GlobalOutputs.add(draft, merged);
            }
        }
        PodProgress.report(draft, node, result.progress());
        if (node.isFinal()) {
            return;
        }
        NodePhase phase = node.endedPhase();
        String message = node.endedMessage();
        NodePhase failure = result.phase();
        if (failure != null && failure.isFailedOrError() && mayKnowBetter(node, phase)) {
            phase = failure;
            message = result.message();
            if (node.endedAt() == 0) {
                draft.add(new Event.PodEnded(node.seq(), failure, message, Instant.EPOCH));
            }
        }
        boolean synced = Boolean.TRUE.equals(node.resultSynced());
        if (!synced && (result.complete() || node.resultSynced() == null)) {
            draft.add(new Event.TaskResultSynced(node.seq(), result.complete()));
        }
        if (result.complete() && node.endedAt() > 0 && phase != null) {
            draft.add(new Command.CancelTimer(TimerKey.result(node)));
            End end = DeclaredOutputs.settle(draft, node, new End(phase, message));
            PodEnding.end(draft, node, end, Instant.ofEpochMilli(node.endedAt()));
            if (node.isPodEndRequested()) {
                PodEnding.endOutlived(draft, node);
            }
        }
    }

    /** Whether the executor's word counts: not against what main did by itself, but main may never have started. */
    private static boolean mayKnowBetter(Node node, @Nullable NodePhase ended) {
        Outputs outputs = node.outputs();
        return ended == null
                || ended == NodePhase.SUCCEEDED
                || (outputs != null && PodOutcome.GATE_CLOSED.toString().equals(outputs.exitCode()))
                || Containers.of(node).stream().anyMatch(container -> container.phase() == NodePhase.ERROR);
    }

    /** The executor's report didn't come in time. */
    public static void resultLost(Draft draft, Node node) {
        NodePhase phase = node.endedPhase();
        if (node.isFinal() || phase == null || node.endedAt() == 0) {
            return;
        }
        draft.add(new Event.TaskResultSynced(node.seq(), true));
        CompiledTemplate template = node.template();
        Outputs declared = template == null ? Outputs.NONE : template.template().outputs();
        boolean missing = !declared.parameters().isEmpty()
                || declared.artifacts().stream().anyMatch(artifact -> !artifact.optional());
        Instant at = Instant.ofEpochMilli(node.endedAt());
        if (phase == NodePhase.SUCCEEDED && missing) {
            PodEnding.end(draft, node, NodePhase.ERROR, "the outputs of the pod were never reported", at);
        } else {
            PodEnding.end(draft, node, phase, node.endedMessage(), at);
        }
        if (node.isPodEndRequested()) {
            PodEnding.endOutlived(draft, node);
        }
    }
}
