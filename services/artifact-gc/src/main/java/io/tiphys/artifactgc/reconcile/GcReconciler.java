package io.tiphys.artifactgc.reconcile;

import io.tiphys.api.Workflow;
import io.tiphys.artifactgc.plan.GcPlan;
import io.tiphys.artifactgc.plan.GcRecord;
import io.tiphys.artifactgc.plan.Outcome;
import io.tiphys.artifactgc.reconcile.WorkflowGateway.ConflictException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Brings one workflow's artifacts into the state that its policy asks for. Safe to repeat and to run in several places at
 * once: deleting twice is deleting once, and writes are guarded by the resourceVersion.
 *
 * <ol>
 *   <li>read the workflow; without our finalizer there is nothing to do
 *   <li>plan, delete
 *   <li>record what is gone, and on the last try what couldn't be deleted
 *   <li>let the object go when nothing holds it any more, or when the policy forces it
 * </ol>
 */
public final class GcReconciler {
    private static final int MAX_CONFLICTS = 10;

    private final WorkflowGateway workflows;
    private final ArtifactRemover remover;
    private final GcListener listener;

    public GcReconciler(WorkflowGateway workflows, ArtifactRemover remover, GcListener listener) {
        this.workflows = workflows;
        this.remover = remover;
        this.listener = listener;
    }

    /**
     * One try.
     *
     * @param lastTry whether failures are final for now: they are recorded in the status then, and a policy with
     *     {@code forceFinalizerRemoval} lets the object go
     * @return what failed and may succeed on another try; empty when this round is over
     * @throws GcFailedException if the workflow changed under our hands too often
     */
    public List<Outcome.Failed> reconcile(String namespace, String name, boolean lastTry) {
        Optional<Workflow> found = workflows.find(namespace, name).filter(GcReconciler::isHeld);
        if (found.isEmpty()) {
            return List.of();
        }
        GcPlan plan = GcPlan.of(found.get());
        List<Outcome> outcomes = plan.deletions().isEmpty() ? List.of() : remover.remove(namespace, plan.deletions());
        listener.finished(found.get(), outcomes);

        List<Outcome.Failed> worthAnotherTry = lastTry ? List.of() : transientFailures(outcomes);
        record(found.get(), plan, outcomes, worthAnotherTry.isEmpty());
        return worthAnotherTry;
    }

    private void record(Workflow seen, GcPlan plan, List<Outcome> outcomes, boolean roundIsOver) {
        Optional<Workflow> current = Optional.of(seen);
        for (int conflicts = 0; conflicts < MAX_CONFLICTS && current.isPresent(); conflicts++) {
            try {
                recordOn(current.get(), plan, outcomes, roundIsOver);
                return;
            } catch (ConflictException _) {
                current = workflows
                        .find(
                                seen.getMetadata().getNamespace(),
                                seen.getMetadata().getName())
                        .filter(workflow -> isSame(workflow, seen) && isHeld(workflow));
            }
        }
        if (current.isPresent()) {
            throw new GcFailedException("%s changed %d times while its artifact deletion was being recorded"
                    .formatted(seen, MAX_CONFLICTS));
        }
    }

    private void recordOn(Workflow workflow, GcPlan plan, List<Outcome> outcomes, boolean roundIsOver)
            throws ConflictException {
        Workflow written = workflow;
        if (!plan.isEmpty()) {
            GcPlan recorded = roundIsOver ? plan : new GcPlan(Set.of(), plan.deletions());
            List<Outcome> facts = roundIsOver ? outcomes : deleted(outcomes);
            written = workflows.writeStatus(workflow, GcRecord.apply(workflow.getStatus(), recorded, facts));
        }
        if (roundIsOver) {
            List<String> reasons = reasons(outcomes);
            if (!reasons.isEmpty()) {
                workflows.warn(written, reasons);
            }
            if (GcPlan.isFinished(written) || GcPlan.forcesFinalizerRemoval(written)) {
                workflows.removeFinalizer(written);
            }
        }
    }

    private static boolean isHeld(Workflow workflow) {
        return workflow.getMetadata().getFinalizers().contains(GcPlan.FINALIZER) && GcPlan.isReady(workflow);
    }

    private static boolean isSame(Workflow a, Workflow b) {
        return a.getMetadata().getUid().equals(b.getMetadata().getUid());
    }

    private static List<Outcome.Failed> transientFailures(List<Outcome> outcomes) {
        List<Outcome.Failed> failures = new ArrayList<>();
        for (Outcome outcome : outcomes) {
            if (outcome instanceof Outcome.Failed failed && failed.transientFailure()) {
                failures.add(failed);
            }
        }
        return failures;
    }

    private static List<Outcome> deleted(List<Outcome> outcomes) {
        return outcomes.stream().filter(Outcome.Deleted.class::isInstance).toList();
    }

    private static List<String> reasons(List<Outcome> outcomes) {
        List<String> reasons = new ArrayList<>();
        for (Outcome outcome : outcomes) {
            if (outcome instanceof Outcome.Failed failed) {
                reasons.add(failed.reason());
            }
        }
        return reasons;
    }
}
