package io.tiphys.artifactgc.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.api.ArtifactBuilder;
import io.tiphys.api.NodeStatus;
import io.tiphys.api.OSSArtifact;
import io.tiphys.api.OSSArtifactBuilder;
import io.tiphys.api.Outputs;
import io.tiphys.api.Workflow;
import io.tiphys.artifactgc.plan.Deletion;
import io.tiphys.artifactgc.plan.GcPlan;
import io.tiphys.artifactgc.plan.Outcome;
import io.tiphys.artifactgc.plan.Workflows;
import io.tiphys.artifactgc.queue.DeletionQueue;
import io.tiphys.artifactgc.queue.DeletionQueue.Queued;
import io.tiphys.artifactgc.reconcile.GcReconciler.Patience;
import io.tiphys.testkit.HandClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GcReconcilerTest {
    private final OneWorkflow kubernetes = new OneWorkflow();
    private final Store store = new Store();
    private final MemoryQueue queue = new MemoryQueue();
    private final HandClock clock = new HandClock(Instant.parse("2026-01-01T00:10:00Z"));
    private final GcReconciler reconciler = new GcReconciler(
            kubernetes,
            new SparingRemover(new LiveReferences(kubernetes, clock), store),
            queue,
            _ -> {},
            clock,
            new Patience(Duration.ofHours(1), Duration.ofMinutes(10)));

    @Test
    void letsTheObjectGoWhenAllIsDeleted() {
        kubernetes.current = Workflows.completed("{strategy: OnWorkflowDeletion}", Workflows.BEING_DELETED);

        assertThat(reconciler.reconcile("default", "wf", false)).isEmpty();

        assertThat(store.deleted).containsExactly("wf/a/scratch", "wf/a/report");
        assertThat(kubernetes.finalizers()).isEmpty();
        assertThat(kubernetes.written).isZero(); // nobody could read it
    }

    @Test
    void whatIsRecordedOfALiveWorkflowGoesInTheRequestThatLetsItGo() {
        kubernetes.current = Workflows.completed("{strategy: OnWorkflowCompletion}", "");

        assertThat(reconciler.reconcile("default", "wf", false)).isEmpty();

        assertThat(kubernetes.finalizers()).isEmpty();
        assertThat(kubernetes.written).isEqualTo(1);
        assertThat(kubernetes.requests).isEqualTo(1);
    }

    @Test
    void whatIsDeletedIsRecordedInAnObjectThatOthersHoldToo() {
        kubernetes.current = Workflows.completed("{strategy: OnWorkflowDeletion}", Workflows.BEING_DELETED);
        kubernetes.finalizers().add("example.com/another");

        assertThat(reconciler.reconcile("default", "wf", false)).isEmpty();

        assertThat(kubernetes.finalizers()).containsExactly("example.com/another");
        assertThat(GcPlan.of(kubernetes.current, clock.instant()).deletions()).isEmpty();
        assertThat(kubernetes.current.getStatus().artifactGCStatus())
                .satisfies(gc -> assertThat(Objects.requireNonNull(gc).strategiesProcessed())
                        .containsEntry("OnWorkflowDeletion", true));
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
    void afterABoundedWaitTheObjectGoesAndTheRestIsTriedFromTheQueue() {
        kubernetes.current = Workflows.completed("{strategy: OnWorkflowDeletion}", Workflows.BEING_DELETED);
        store.failures.put("wf/a/scratch", true);
        clock.set(Instant.parse("2026-01-01T00:59:59Z"));
        reconciler.reconcile("default", "wf", true);
        assertThat(kubernetes.finalizers()).containsExactly(GcPlan.FINALIZER);

        clock.set(Instant.parse("2026-01-01T01:00:00Z"));
        reconciler.reconcile("default", "wf", true);

        assertThat(kubernetes.finalizers()).isEmpty();
        assertThat(queue.keys()).containsExactly("wf/a/scratch");
        assertThat(queue.waiting.getFirst().reason()).contains("wf/a/scratch refused");
    }

    @Test
    void aDelayKeepsALiveWorkflowAndOutlivesADeletedOne() {
        kubernetes.current =
                Workflows.annotated("{strategy: OnWorkflowDeletion}", Map.of("tiphys.io/artifact-gc-delay", "24h"), "");
        reconciler.reconcile("default", "wf", true);
        assertThat(store.deleted).isEmpty();
        assertThat(kubernetes.finalizers()).containsExactly(GcPlan.FINALIZER);

        kubernetes.current = Workflows.annotated(
                "{strategy: OnWorkflowDeletion}",
                Map.of("tiphys.io/artifact-gc-delay", "24h"),
                Workflows.BEING_DELETED);
        reconciler.reconcile("default", "wf", true);

        assertThat(store.deleted).isEmpty();
        assertThat(kubernetes.finalizers()).isEmpty();
        assertThat(queue.keys()).containsExactly("wf/a/scratch", "wf/a/report");
        assertThat(queue.waiting)
                .extracting(Queued::dueAt)
                .containsExactly(Instant.parse("2026-01-01T23:50:00Z"), Instant.parse("2026-01-02T00:00:00Z"));
    }

    @Test
    void aDryRunSaysWhatWouldGoOnceAndDeletesNothing() {
        kubernetes.current = Workflows.annotated(
                "{strategy: OnWorkflowDeletion}", Map.of("tiphys.io/artifact-gc-dry-run", "true"), "");

        reconciler.reconcile("default", "wf", true);
        reconciler.reconcile("default", "wf", true);

        assertThat(store.deleted).isEmpty();
        assertThat(kubernetes.informed)
                .containsExactly("2 artifacts would be deleted: wf-1/scratch (OnWorkflowCompletion), wf-1/report"
                        + " (OnWorkflowDeletion)");
        assertThat(kubernetes.current.getStatus().conditions()).singleElement().satisfies(condition -> {
            assertThat(condition.type()).isEqualTo("ArtifactGCDryRun");
            assertThat(condition.message()).isEqualTo(kubernetes.informed.getFirst());
        });
        assertThat(kubernetes.finalizers()).containsExactly(GcPlan.FINALIZER);
    }

    @Test
    void aDryRunNeverHoldsADeletedWorkflow() {
        kubernetes.current = Workflows.annotated(
                "{strategy: OnWorkflowDeletion}",
                Map.of("tiphys.io/artifact-gc-dry-run", "true"),
                Workflows.BEING_DELETED);

        reconciler.reconcile("default", "wf", true);

        assertThat(store.deleted).isEmpty();
        assertThat(queue.waiting).isEmpty();
        assertThat(kubernetes.finalizers()).isEmpty();
    }

    @Test
    void anAnnotationThatCannotBeReadDeletesNothingAndSaysWhatWouldBeRight() {
        kubernetes.current = Workflows.annotated(
                "{strategy: OnWorkflowDeletion}",
                Map.of("tiphys.io/artifact-gc-delay", "soon"),
                Workflows.BEING_DELETED);

        reconciler.reconcile("default", "wf", true);

        assertThat(store.deleted).isEmpty();
        assertThat(kubernetes.warnings)
                .containsExactly("Artifact Garbage Collection deletes nothing: annotation tiphys.io/artifact-gc-delay:"
                        + " \"soon\" is not a duration such as 24h, 90m or 1h30m, at most 87600h");
        assertThat(kubernetes.finalizers()).containsExactly(GcPlan.FINALIZER);

        clock.pass(Duration.ofHours(2));
        reconciler.reconcile("default", "wf", true);

        assertThat(kubernetes.finalizers()).isEmpty();
        assertThat(queue.waiting)
                .hasSize(2)
                .allSatisfy(queued -> assertThat(queued.deadAt()).isEqualTo(clock.instant()));
    }

    @Test
    void whatAnotherLiveWorkflowNeedsStaysAndIsLookedAtAgainFromTheQueue() {
        kubernetes.current = Workflows.completed("{strategy: OnWorkflowDeletion}", Workflows.BEING_DELETED);
        kubernetes.others.add(Workflows.reading("wf/a/report"));

        reconciler.reconcile("default", "wf", true);

        assertThat(store.deleted).containsExactly("wf/a/scratch");
        assertThat(queue.keys()).containsExactly("wf/a/report");
        assertThat(queue.waiting.getFirst().dueAt()).isEqualTo(clock.instant().plus(Duration.ofMinutes(10)));
        assertThat(kubernetes.finalizers()).isEmpty();
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
    void whatIsWrittenWhileAllElseIsDeletedIsNotForgotten() {
        kubernetes.current = Workflows.completed("{strategy: OnWorkflowDeletion}", Workflows.BEING_DELETED);
        kubernetes.conflicts = 1;
        kubernetes.meanwhile = () -> {
            Workflow before = kubernetes.current;
            Map<String, NodeStatus> nodes = new HashMap<>(before.getStatus().nodes());
            nodes.compute("wf-2", (_, node) -> withOutput(Objects.requireNonNull(node), "wf/b/late"));
            kubernetes.current = before.withStatus(before.getStatus().withNodes(nodes));
        };

        reconciler.reconcile("default", "wf", false);

        assertThat(store.deleted).containsExactly("wf/a/scratch", "wf/a/report");
        assertThat(queue.keys()).containsExactly("wf/b/late");
        assertThat(kubernetes.finalizers()).isEmpty();
    }

    private static NodeStatus withOutput(NodeStatus node, String key) {
        OSSArtifact location = OSSArtifactBuilder.builder().key(key).build();
        Outputs outputs = Objects.requireNonNull(node.outputs());
        return node.withOutputs(outputs.withArtifacts(
                List.of(ArtifactBuilder.builder().name("late").oss(location).build())));
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
        public List<Outcome> remove(List<Deletion> deletions) {
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

    /** A queue that only takes. */
    private static final class MemoryQueue implements DeletionQueue {
        final List<Queued> waiting = new ArrayList<>();

        List<String> keys() {
            return waiting.stream()
                    .map(queued -> Objects.requireNonNull(
                                    queued.deletion().artifact().oss())
                            .key())
                    .toList();
        }

        @Override
        public void add(List<Queued> deletions) {
            waiting.addAll(deletions);
        }

        @Override
        public List<Entry> take(Instant now, Duration lease, int limit) {
            return List.of();
        }

        @Override
        public void remove(Collection<Long> ids) {}

        @Override
        public void postpone(long id, Instant dueAt, int attempts, @Nullable String reason) {}

        @Override
        public void kill(long id, Instant now, int attempts, String reason) {}

        @Override
        public List<Entry> dead(String namespace, int limit, int offset) {
            return List.of();
        }

        @Override
        public int revive(String namespace, Collection<Long> ids, Instant now) {
            return 0;
        }

        @Override
        public Counts counts() {
            return new Counts(waiting.size(), 0);
        }
    }
}
