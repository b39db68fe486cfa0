package io.tiphys.artifactgc.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowStatus;
import io.tiphys.artifactgc.plan.Deletion;
import io.tiphys.artifactgc.plan.GcPlan;
import io.tiphys.artifactgc.plan.Outcome;
import io.tiphys.artifactgc.plan.Workflows;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GcReconcilerTest {
    private final OneWorkflow kubernetes = new OneWorkflow();
    private final Store store = new Store();
    private final GcReconciler reconciler = new GcReconciler(kubernetes, store, (_, _) -> {});

    @Test
    void letsTheObjectGoWhenAllIsDeleted() {
        kubernetes.current = Workflows.completed("{strategy: OnWorkflowDeletion}", Workflows.BEING_DELETED);

        assertThat(reconciler.reconcile("default", "wf", false)).isEmpty();

        assertThat(store.deleted).containsExactly("wf/a/scratch", "wf/a/report");
        assertThat(kubernetes.finalizers()).isEmpty();
    }

    @Test
    void holdsTheObjectWhileArtifactsWaitForItsDeletion() {
        kubernetes.current = Workflows.completed("{strategy: OnWorkflowDeletion}", "");

        reconciler.reconcile("default", "wf", false);

        assertThat(store.deleted).containsExactly("wf/a/scratch");
        assertThat(kubernetes.finalizers()).containsExactly(GcPlan.FINALIZER);
    }

    @Test
    void anotherTryIsAskedForWhenTheStoreIsAwayAndOneBadKeyKeepsNoOther() {
        kubernetes.current = Workflows.completed("{strategy: OnWorkflowDeletion}", Workflows.BEING_DELETED);
        store.failures.put("wf/a/scratch", true);

        assertThat(reconciler.reconcile("default", "wf", false)).hasSize(1);
        assertThat(store.deleted).containsExactly("wf/a/report");
        assertThat(kubernetes.current.getStatus().conditions()).isEmpty();
        assertThat(kubernetes.finalizers()).containsExactly(GcPlan.FINALIZER);

        store.failures.clear();
        assertThat(reconciler.reconcile("default", "wf", false)).isEmpty();
        assertThat(store.deleted).containsExactly("wf/a/report", "wf/a/scratch");
        assertThat(kubernetes.finalizers()).isEmpty();
    }

    @Test
    void aFinalFailureIsRecordedAndKeepsTheObject() {
        kubernetes.current = Workflows.completed("{strategy: OnWorkflowDeletion}", Workflows.BEING_DELETED);
        store.failures.put("wf/a/scratch", true);

        assertThat(reconciler.reconcile("default", "wf", true)).isEmpty();

        assertThat(kubernetes.current.getStatus().conditions()).hasSize(1);
        assertThat(kubernetes.warnings).hasSize(1);
        assertThat(kubernetes.finalizers()).containsExactly(GcPlan.FINALIZER);
    }

    @Test
    void forcedRemovalLetsTheObjectGoDespiteFailures() {
        kubernetes.current = Workflows.completed(
                "{strategy: OnWorkflowDeletion, forceFinalizerRemoval: true}", Workflows.BEING_DELETED);
        store.failures.put("wf/a/scratch", false);

        reconciler.reconcile("default", "wf", false);

        assertThat(kubernetes.finalizers()).isEmpty();
        assertThat(kubernetes.warnings).hasSize(1);
    }

    @Test
    void aConflictIsReadAgainAndNothingIsDeletedTwice() {
        kubernetes.current = Workflows.completed("{strategy: OnWorkflowCompletion}", "");
        kubernetes.conflicts = 2;

        reconciler.reconcile("default", "wf", false);

        assertThat(store.deleted).containsExactly("wf/a/scratch", "wf/a/report");
        assertThat(kubernetes.finalizers()).isEmpty();
    }

    @Test
    void withoutOurFinalizerNothingIsTouched() {
        Workflow free = Workflows.completed("{strategy: OnWorkflowCompletion}", "");
        free.getMetadata().getFinalizers().clear();
        kubernetes.current = free;

        reconciler.reconcile("default", "wf", false);

        assertThat(store.deleted).isEmpty();
    }

    /** Deletes what it isn't told to fail on. */
    private static final class Store implements ArtifactRemover {
        final List<String> deleted = new ArrayList<>();
        /** Key to whether another try may help. */
        final Map<String, Boolean> failures = new HashMap<>();

        @Override
        public List<Outcome> remove(String namespace, List<Deletion> deletions) {
            List<Outcome> outcomes = new ArrayList<>();
            for (Deletion deletion : deletions) {
                String key = Objects.requireNonNull(deletion.artifact().oss()).key();
                Boolean failure = failures.get(key);
                if (failure != null) {
                    outcomes.add(new Outcome.Failed(deletion, key + " refused", failure));
                } else {
                    deleted.add(key);
                    outcomes.add(new Outcome.Deleted(deletion));
                }
            }
            return outcomes;
        }
    }

    /** Kubernetes with one workflow in it. */
    private static final class OneWorkflow implements WorkflowGateway {
        Workflow current = Workflows.completed("{}", "");
        int conflicts;
        final List<String> warnings = new ArrayList<>();

        List<String> finalizers() {
            return current.getMetadata().getFinalizers();
        }

        @Override
        public Optional<Workflow> find(String namespace, String name) {
            return Optional.of(current);
        }

        @Override
        public Workflow writeStatus(Workflow base, WorkflowStatus status) throws ConflictException {
            if (conflicts-- > 0) {
                throw new ConflictException(new IllegalStateException("resourceVersion"));
            }
            current = base.withStatus(status);
            return current;
        }

        @Override
        public void removeFinalizer(Workflow base) {
            current.getMetadata().getFinalizers().remove(GcPlan.FINALIZER);
        }

        @Override
        public Stream<Workflow> waiting() {
            return Stream.of(current);
        }

        @Override
        public void warn(Workflow workflow, List<String> reasons) {
            warnings.addAll(reasons);
        }
    }
}
