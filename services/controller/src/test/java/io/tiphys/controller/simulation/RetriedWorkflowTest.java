package io.tiphys.controller.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.api.WorkflowStatus;
import io.tiphys.controller.lifecycle.PhaseLabels;
import io.tiphys.controller.shard.Shard;
import io.tiphys.messages.WorkflowRef;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a retry takes back of the end that it undoes. */
class RetriedWorkflowTest extends OneShard {
    private static final String WITH_BELONGINGS = """
            apiVersion: argoproj.io/v1alpha1
            kind: Workflow
            metadata: {name: w}
            spec:
              entrypoint: main
              volumeClaimGC: {strategy: OnWorkflowCompletion}
              podDisruptionBudget: {minAvailable: 1}
              volumeClaimTemplates:
              - metadata: {name: work}
                spec: {accessModes: [ReadWriteOnce]}
              templates:
              - name: main
                container: {image: busybox}
            """;

    private static final String MANY_NODES = """
            apiVersion: argoproj.io/v1alpha1
            kind: Workflow
            metadata: {name: w}
            spec:
              entrypoint: main
              templates:
              - name: main
                steps: [[{name: n, template: work, withSequence: {count: "40"}, when: "{{item}} == 7"}]]
              - name: work
                container: {image: busybox}
            """;

    @Test
    void whatStoppedAWorkflowDoesNotStopItAgainWhenItIsRetried() throws InterruptedException {
        WorkflowRef workflow = create(ONE_POD);
        Shard shard = begun(workflow);
        shutdown(workflow, "Stop");
        workflowSeen(shard);
        during(Duration.ofSeconds(3), shard);
        assertThat(workflow().getStatus().phase()).isEqualTo(WorkflowPhase.FAILED);

        workflowSeen(shard);
        retry(shard, workflow);
        during(Duration.ofSeconds(5), shard);
        workflowSeen(shard);
        during(Duration.ofSeconds(5), shard);
        assertThat(workflow().getStatus().phase()).isEqualTo(WorkflowPhase.RUNNING);

        shutdown(workflow, null);
        workflowSeen(shard);
        shutdown(workflow, "Stop");
        workflowSeen(shard);
        during(Duration.ofSeconds(5), shard);
        assertThat(workflow().getStatus().phase()).isEqualTo(WorkflowPhase.FAILED);
    }

    /** Whoever selects by the label must not take it for one that the archive has as it will end. */
    @Test
    void whatTheArchiveHasOfItIsNoLongerSaidWhenItRunsAgain() throws InterruptedException {
        WorkflowRef workflow = create(ONE_POD);
        Shard shard = failed(workflow);
        cluster.change(
                "w",
                workflow.uid(),
                at -> at.withMetadata(new ObjectMetaBuilder(at.getMetadata())
                        .addToLabels(PhaseLabels.ARCHIVING, "Archived")
                        .build()));

        workflowSeen(shard);
        retry(shard, workflow);
        during(Duration.ofSeconds(5), shard);
        assertThat(workflow().getMetadata().getLabels())
                .containsEntry("workflows.argoproj.io/completed", "false")
                .doesNotContainKey(PhaseLabels.ARCHIVING);
    }

    /** Somebody waits for the answer to the retry, and to write many nodes takes a while. */
    @Test
    void thatALargeWorkflowRunsAgainIsSaidBeforeItsNodesAreWritten() throws InterruptedException {
        WorkflowRef workflow = create(MANY_NODES);
        Shard shard = begun(workflow);
        assertThat(cluster.pods.list()).hasSize(1);

        String pod = cluster.pods.list().getFirst().getMetadata().getName();
        placed(pod);
        cluster.change(
                pod,
                SimulatedCluster.uid(pod(pod)),
                meta -> meta,
                new PodStatusBuilder().withPhase("Failed").build());
        podSeen(shard, pod);
        during(Duration.ofSeconds(5), shard);
        WorkflowStatus ended = workflow().getStatus();
        assertThat(ended.phase()).isEqualTo(WorkflowPhase.FAILED);

        workflowSeen(shard);
        retry(shard, workflow);
        Instant limit = world.time.now().plus(Duration.ofSeconds(5));
        world.time.at(limit, () -> {});
        while (workflow().getStatus().phase() != WorkflowPhase.RUNNING
                && world.time.now().isBefore(limit)) {
            shard.turn();
            world.time.advance();
        }
        WorkflowStatus first = workflow().getStatus();
        assertThat(first)
                .isEqualTo(
                        ended.withPhase(WorkflowPhase.RUNNING).withMessage(null).withFinishedAt(null));
        assertThat(workflow().getMetadata().getLabels())
                .containsEntry("workflows.argoproj.io/completed", "false")
                .containsEntry("workflows.argoproj.io/phase", "Running");

        during(Duration.ofSeconds(1), shard);
        assertThat(workflow().getStatus().phase()).isEqualTo(WorkflowPhase.RUNNING);
        assertThat(workflow().getStatus().nodes()).isNotEqualTo(first.nodes());
    }

    @Test
    void aRunThatEndedJustNowIsRetriedWithoutReadingTheJournal() throws InterruptedException {
        WorkflowRef workflow = create(ONE_POD);
        Shard shard = rested(workflow);
        unreadableFor = Integer.MAX_VALUE;
        retry(shard, workflow);
        during(Duration.ofSeconds(5), shard);
        assertThat(workflow().getStatus().phase()).isEqualTo(WorkflowPhase.RUNNING);
        assertThat(processed).contains("c1");
    }

    @Test
    void oneThatIsNotKeptIsRestored() throws InterruptedException {
        restingNodes = 0;
        WorkflowRef workflow = create(ONE_POD);
        Shard shard = rested(workflow);
        unreadableFor = 1;
        retry(shard, workflow);
        during(Duration.ofSeconds(1), shard);
        assertThat(workflow().getStatus().phase()).isEqualTo(WorkflowPhase.FAILED);
        during(Duration.ofSeconds(10), shard);
        assertThat(workflow().getStatus().phase()).isEqualTo(WorkflowPhase.RUNNING);
    }

    /** Its shard has let go of its run. */
    private Shard rested(WorkflowRef workflow) throws InterruptedException {
        Shard shard = failed(workflow);
        workflowSeen(shard);
        during(Duration.ofSeconds(5), shard);
        return shard;
    }

    private Shard failed(WorkflowRef workflow) throws InterruptedException {
        Shard shard = begun(workflow);
        placed("w");
        cluster.change(
                "w",
                SimulatedCluster.uid(pod("w")),
                meta -> meta,
                new PodStatusBuilder().withPhase("Failed").build());
        podSeen(shard, "w");
        during(Duration.ofSeconds(5), shard);
        assertThat(workflow().getStatus().phase()).isEqualTo(WorkflowPhase.FAILED);
        return shard;
    }

    private void shutdown(WorkflowRef workflow, @Nullable String strategy) {
        cluster.change("w", workflow.uid(), at -> at.withSpec(at.getSpec().withShutdown(strategy)));
    }

    @Test
    void aRetriedWorkflowHasAgainWhatItOwned() throws InterruptedException {
        WorkflowRef workflow = create(WITH_BELONGINGS);
        Shard shard = endedWithBelongings(workflow);

        workflowSeen(shard);
        retry(shard, workflow);
        during(Duration.ofSeconds(10), shard);
        assertThat(workflow().getStatus().phase()).isEqualTo(WorkflowPhase.RUNNING);
        assertThat(cluster.claims).containsExactly("w-work");
        assertThat(cluster.budgets).containsExactly("w");
    }

    /** Its pods wait for its claims: without them they would wait for ever. */
    @Test
    void whatAQuotaRefusesToARetriedWorkflowIsMadeWhenThereIsRoom() throws InterruptedException {
        WorkflowRef workflow = create(WITH_BELONGINGS);
        Shard shard = endedWithBelongings(workflow);

        cluster.claimsRefused = 3;
        workflowSeen(shard);
        retry(shard, workflow);
        during(Duration.ofSeconds(2), shard);
        assertThat(cluster.claims).isEmpty();
        during(Duration.ofSeconds(20), shard);
        assertThat(workflow().getStatus().phase()).isEqualTo(WorkflowPhase.RUNNING);
        assertThat(cluster.claims).containsExactly("w-work");
        assertThat(cluster.budgets).containsExactly("w");
    }

    private Shard endedWithBelongings(WorkflowRef workflow) throws InterruptedException {
        cluster.claims.add("w-work");
        cluster.budgets.add("w");
        Shard shard = begun(workflow);
        assertThat(workflow().getStatus().persistentVolumeClaims()).hasSize(1);
        placed("w");
        cluster.change(
                "w",
                SimulatedCluster.uid(pod("w")),
                meta -> meta,
                new PodStatusBuilder()
                        .withPhase("Failed")
                        .withMessage("no more")
                        .build());
        podSeen(shard, "w");
        during(Duration.ofSeconds(5), shard);
        assertThat(workflow().getStatus().phase()).isEqualTo(WorkflowPhase.FAILED);
        assertThat(workflow().getStatus().persistentVolumeClaims()).isEmpty();
        assertThat(cluster.claims).isEmpty();
        assertThat(cluster.budgets).isEmpty();
        return shard;
    }

    /** As long as a pod is there to be seen to, the run isn't let go of and hasn't to be restored. */
    @Test
    void soHasOneThatIsRetriedWhileAPodOfItStillRuns() throws InterruptedException {
        WorkflowRef workflow = create(WITH_BELONGINGS);
        cluster.claims.add("w-work");
        cluster.budgets.add("w");
        Shard shard = begun(workflow);
        placed("w");
        cluster.change(
                "w",
                SimulatedCluster.uid(pod("w")),
                meta -> meta,
                new PodStatusBuilder().withPhase("Running").build());
        podSeen(shard, "w");
        during(Duration.ofSeconds(1), shard);
        shutdown(workflow, "Terminate");
        workflowSeen(shard);
        during(Duration.ofSeconds(5), shard);
        assertThat(workflow().getStatus().phase()).isEqualTo(WorkflowPhase.FAILED);
        assertThat(cluster.claims).isEmpty();
        assertThat(cluster.budgets).isEmpty();

        shutdown(workflow, null);
        workflowSeen(shard);
        retry(shard, workflow);
        during(Duration.ofSeconds(10), shard);
        assertThat(cluster.claims).containsExactly("w-work");
        assertThat(cluster.budgets).containsExactly("w");
    }
}
