package io.tiphys.artifactgc.reconcile;

import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowStatus;
import io.tiphys.artifactgc.plan.Deletion;
import io.tiphys.artifactgc.plan.GcPlan;
import io.tiphys.artifactgc.plan.GcPlan.Later;
import io.tiphys.artifactgc.plan.GcRecord;
import io.tiphys.artifactgc.plan.Outcome;
import io.tiphys.artifactgc.queue.DeletionQueue;
import io.tiphys.artifactgc.queue.DeletionQueue.Queued;
import io.tiphys.artifactgc.reconcile.WorkflowGateway.ConflictException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
 *   <li>let the object go when nothing holds it any more; what then is still to be deleted goes into the queue
 * </ol>
 *
 * <p>A workflow that somebody has deleted is held only by failures, and by these not longer than the patience says.
 */
public final class GcReconciler {
    private static final int MAX_CONFLICTS = 10;

    private final WorkflowGateway workflows;
    private final ArtifactRemover remover;
    private final DeletionQueue queue;
    private final GcListener listener;
    private final Clock clock;
    private final Patience patience;

    /**
     * How long things wait.
     *
     * @param holding how long after its deletion a workflow is kept for what can't be deleted
     * @param referenced until an object that another workflow needs is looked at again, once its own workflow is gone
     */
    public record Patience(Duration holding, Duration referenced) {}

    public GcReconciler(
            WorkflowGateway workflows,
            ArtifactRemover remover,
            DeletionQueue queue,
            GcListener listener,
            Clock clock,
            Patience patience) {
        this.workflows = workflows;
        this.remover = remover;
        this.queue = queue;
        this.listener = listener;
        this.clock = clock;
        this.patience = patience;
    }

    /** What one try has found out and done with the workflow as it was seen. */
    private record Attempt(Workflow seen, GcPlan plan, List<Outcome> outcomes, boolean roundIsOver, Instant at) {
        /** Whether nothing is left of what the workflow, if it is still as it was seen, would ever have deleted. */
        boolean isOfAllThatIsLeft(Workflow workflow) {
            return workflow.equals(seen)
                    && plan.later().isEmpty()
                    && plan.wouldGo().isEmpty()
                    && plan.problems().isEmpty()
                    && outcomes.stream().allMatch(Outcome.Deleted.class::isInstance);
        }
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
        Instant now = clock.instant();
        GcPlan plan = GcPlan.of(found.get(), now);
        List<Outcome> outcomes = plan.deletions().isEmpty() ? List.of() : remover.remove(plan.deletions());
        listener.finished(outcomes);

        List<Outcome.Failed> worthAnotherTry = lastTry ? List.of() : transientFailures(outcomes);
        record(new Attempt(found.get(), plan, outcomes, worthAnotherTry.isEmpty(), now));
        return worthAnotherTry;
    }

    private void record(Attempt attempt) {
        Workflow seen = attempt.seen();
        Optional<Workflow> current = Optional.of(seen);
        for (int conflicts = 0; conflicts < MAX_CONFLICTS && current.isPresent(); conflicts++) {
            try {
                recordOn(current.get(), attempt);
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

    private void recordOn(Workflow workflow, Attempt attempt) throws ConflictException {
        if (attempt.isOfAllThatIsLeft(workflow) && vanishesWithUs(workflow)) {
            workflows.letGo(workflow, workflow.getStatus());
            return;
        }
        WorkflowStatus before = workflow.getStatus();
        WorkflowStatus after = attempt.plan().isEmpty() ? before : statusAfter(before, attempt);
        if (!attempt.roundIsOver()) {
            if (!after.equals(before)) {
                workflows.writeStatus(workflow, after);
            }
            return;
        }
        GcPlan left = GcPlan.of(workflow.withStatus(after), attempt.at());
        if (left.isFinished()) {
            workflows.letGo(workflow, vanishesWithUs(workflow) ? before : after);
            return;
        }
        Workflow written = workflow;
        if (!after.equals(before)) {
            written = workflows.writeStatus(workflow, after);
            tell(written, attempt);
        }
        if (goesAllTheSame(written, left, attempt)) {
            queue.add(handOver(left, attempt));
            workflows.letGo(written, written.getStatus());
        }
    }

    /** Whether the object goes with our finalizer, and with all that it has written: then nobody could read what would be recorded. */
    private static boolean vanishesWithUs(Workflow workflow) {
        return GcPlan.isBeingDeleted(workflow)
                && workflow.getMetadata().getFinalizers().size() == 1;
    }

    private static WorkflowStatus statusAfter(WorkflowStatus status, Attempt attempt) {
        if (attempt.roundIsOver()) {
            return GcRecord.apply(status, attempt.plan(), attempt.outcomes());
        }
        GcPlan soFar = new GcPlan(Set.of(), attempt.plan().deletions(), List.of(), List.of(), List.of());
        return GcRecord.apply(status, soFar, deleted(attempt.outcomes()));
    }

    private void tell(Workflow workflow, Attempt attempt) {
        List<String> errors = GcRecord.errors(attempt.plan(), attempt.outcomes());
        if (!errors.isEmpty()) {
            workflows.warn(workflow, errors);
        }
        if (!attempt.plan().wouldGo().isEmpty()) {
            workflows.inform(workflow, GcRecord.dryRunMessage(attempt.plan().wouldGo()));
        }
    }

    /** Whether what is left to be deleted doesn't hold the workflow: it is done from the queue then. */
    private boolean goesAllTheSame(Workflow workflow, GcPlan left, Attempt attempt) {
        boolean failed = attempt.outcomes().stream().anyMatch(Outcome.Failed.class::isInstance)
                || !attempt.plan().problems().isEmpty();
        boolean forced = GcPlan.forcesFinalizerRemoval(workflow);
        return GcPlan.isBeingDeleted(workflow)
                ? !failed || forced || GcPlan.isHeldLongerThan(patience.holding(), workflow, attempt.at())
                : failed && forced && left.later().isEmpty() && left.wouldGo().isEmpty();
    }

    private List<Queued> handOver(GcPlan left, Attempt attempt) {
        List<Queued> queued = new ArrayList<>();
        if (!left.problems().isEmpty()) {
            String reason = left.problems().getFirst();
            left.later().forEach(later -> queued.add(Queued.dead(later.deletion(), attempt.at(), reason)));
            return queued;
        }
        for (Later later : left.later()) {
            Instant dueAt = later.dueAt();
            queued.add(Queued.waiting(later.deletion(), dueAt == null ? attempt.at() : dueAt, null));
        }
        Map<Deletion, Outcome> outcomes = new HashMap<>();
        attempt.outcomes().forEach(outcome -> outcomes.put(outcome.deletion(), outcome));
        for (Deletion deletion : left.deletions()) {
            Outcome outcome = outcomes.get(deletion);
            Instant dueAt =
                    outcome instanceof Outcome.Referenced ? attempt.at().plus(patience.referenced()) : attempt.at();
            String reason = outcome instanceof Outcome.Failed failed ? failed.reason() : null;
            queued.add(Queued.waiting(deletion, dueAt, reason));
        }
        return queued;
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
}
