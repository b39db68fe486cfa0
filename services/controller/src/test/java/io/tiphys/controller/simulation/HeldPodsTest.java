package io.tiphys.controller.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.api.WorkflowPhase;
import io.tiphys.controller.shard.Shard;
import io.tiphys.controller.shard.ShardInput;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Pods with the finalizer {@code workflows.argoproj.io/status}. */
class HeldPodsTest extends OneShard {
    @Test
    void aHeldPodThatIsDeletedStaysUntilItIsKnownHowItEnded() throws InterruptedException {
        cluster.holdsPods = true;
        Shard shard = begun(create(ONE_POD));
        placed("w");
        cluster.deletePod("w");
        podSeen(shard, "w");
        during(Duration.ofSeconds(3), shard);
        assertThat(workflow().getStatus().phase()).isEqualTo(WorkflowPhase.RUNNING);
        assertThat(pod("w").getFinalizers()).isNotEmpty();

        ended("w");
        podSeen(shard, "w");
        during(Duration.ofSeconds(3), shard);
        assertThat(cluster.pods.get("w")).isNull();
        assertThat(workflow().getStatus().phase()).isEqualTo(WorkflowPhase.SUCCEEDED);
    }

    @Test
    void aHeldPodIsReleasedWhenItIsDoneWith() throws InterruptedException {
        cluster.holdsPods = true;
        Shard shard = begun(create(ONE_POD));
        ended("w");
        podSeen(shard, "w");
        during(Duration.ofSeconds(3), shard);
        podSeen(shard, "w");
        during(Duration.ofSeconds(3), shard);
        assertThat(pod("w").getFinalizers()).isEmpty();
    }

    @Test
    void aHeldPodGoesWithItsWorkflow() throws InterruptedException {
        cluster.holdsPods = true;
        Shard shard = begun(create(ONE_POD));
        ended("w");
        shard.post(new ShardInput.WorkflowGone(workflow()));
        cluster.deletePod("w");
        podSeen(shard, "w");
        during(Duration.ofSeconds(3), shard);
        assertThat(cluster.pods.get("w")).isNull();
    }
}
