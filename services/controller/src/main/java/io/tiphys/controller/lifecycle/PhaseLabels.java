package io.tiphys.controller.lifecycle;

import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowPhase;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Argo's labels of a Workflow that say how far it is. They are written together with the status that they speak of. */
public final class PhaseLabels {
    public static final String PHASE = "workflows.argoproj.io/phase";
    public static final String ARCHIVING = "workflows.argoproj.io/workflow-archiving-status";
    private static final String COMPLETED = "workflows.argoproj.io/completed";
    private static final String PENDING = "Pending";

    private PhaseLabels() {}

    /**
     * The labels that go with a phase.
     *
     * @param archives whether there is an archive, which says then that it has the workflow
     * @return null for one that goes: what was archived of a workflow that runs again is not how it ended
     */
    public static Map<String, @Nullable String> of(WorkflowPhase phase, boolean archives, Workflow before) {
        Map<String, @Nullable String> labels = new LinkedHashMap<>();
        labels.put(PHASE, phase.json());
        labels.put(COMPLETED, Boolean.toString(phase.isFulfilled()));
        if (phase.isFulfilled() && archives) {
            labels.put(ARCHIVING, PENDING);
        } else if (!phase.isFulfilled() && isCompleted(before)) {
            labels.put(ARCHIVING, null);
        }
        return labels;
    }

    /** What the labels say; unknown if nothing. */
    public static WorkflowPhase phase(Workflow workflow) {
        String label = labels(workflow).get(PHASE);
        return label == null ? WorkflowPhase.UNKNOWN : WorkflowPhase.of(label);
    }

    public static boolean isCompleted(Workflow workflow) {
        return "true".equals(labels(workflow).get(COMPLETED));
    }

    /** Whether the archive is yet to say that it has the workflow. */
    public static boolean isArchivingPending(Workflow workflow) {
        return PENDING.equals(labels(workflow).get(ARCHIVING));
    }

    private static Map<String, String> labels(Workflow workflow) {
        Map<String, String> labels = workflow.getMetadata().getLabels();
        return labels == null ? Map.of() : labels;
    }
}
