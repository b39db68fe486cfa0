package io.tiphys.controller.cron;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.api.CronWorkflow;
import io.tiphys.api.Manifests;
import io.tiphys.api.Workflow;
import io.tiphys.controller.cron.CronPlan.Decision;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CronPlanTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    @Test
    void startsWhatIsDue() {
        assertThat(decide(cron(""), NOON.plusSeconds(1))).isEqualTo(new Decision.Start(NOON));
    }

    @Test
    void doesNothingTwice() {
        assertThat(CronPlan.decide(cron(""), NOON, NOON.plusSeconds(1))).isEqualTo(new Decision.Nothing());
    }

    @Test
    void doesNothingWhileSuspended() {
        assertThat(decide(cron("suspend: true"), NOON.plusSeconds(1))).isEqualTo(new Decision.Nothing());
    }

    @Test
    void skipsWhatIsLongPast() {
        assertThat(decide(cron(""), NOON.plusSeconds(40))).isInstanceOf(Decision.Skip.class);
    }

    @Test
    void makesUpForTheLastMissedRunWithinTheDeadline() {
        assertThat(decide(cron("startingDeadlineSeconds: 50"), NOON.plusSeconds(40)))
                .isEqualTo(new Decision.Start(NOON));
    }

    @Test
    void namesTheChildByTheScheduledTime() {
        Workflow child = CronRunner.child(cron("workflowMetadata: {labels: {a: b}}"), NOON);

        assertThat(child.getMetadata().getName()).isEqualTo("tick-" + NOON.getEpochSecond());
        assertThat(child.getMetadata().getLabels())
                .containsEntry("a", "b")
                .containsEntry("workflows.argoproj.io/cron-workflow", "tick");
        assertThat(child.getMetadata().getAnnotations())
                .containsEntry("workflows.argoproj.io/scheduled-time", "2026-11-22T12:00:00Z");
        assertThat(child.getMetadata().getOwnerReferences()).hasSize(1);
        assertThat(child.getSpec().entrypoint()).isEqualTo("main");
    }

    private static Decision decide(CronWorkflow cron, Instant now) {
        return CronPlan.decide(cron, Instant.EPOCH, now);
    }

    private static CronWorkflow cron(String more) {
        return Manifests.read("""
                apiVersion: argoproj.io/v1alpha1
                kind: CronWorkflow
                metadata: {name: tick, namespace: default, uid: u, creationTimestamp: "2026-11-22T11:59:30Z"}
                spec:
                  schedules: ["* * * * *"]
                  workflowSpec: {entrypoint: main}
                """ + more.indent(2), CronWorkflow.class);
    }
}
