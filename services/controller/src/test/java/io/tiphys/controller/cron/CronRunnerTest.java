package io.tiphys.controller.cron;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tiphys.api.Condition;
import io.tiphys.api.CronWorkflow;
import io.tiphys.api.Manifests;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.controller.kube.AdaptiveLimiter;
import io.tiphys.controller.kube.ApiCalls;
import io.tiphys.controller.kube.Instance;
import io.tiphys.controller.kube.KubeEvents;
import io.tiphys.controller.metrics.MetricBoard;
import io.tiphys.local.apiserver.ApiServer;
import io.tiphys.local.apiserver.ApiServerConfig;
import io.tiphys.testkit.HandClock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The runner with a real API server and a clock that the test sets. */
class CronRunnerTest {
    private static final String RUNNABLE =
            "{entrypoint: main, templates: [{name: main, container: {image: a, command: [b]}}]}";

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private ApiServer server;
    private KubernetesClient client;
    private HandClock clock;

    @BeforeEach
    void start() throws Exception {
        server = ApiServer.start(ApiServerConfig.inMemory());
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(server.url())
                .withNamespace("default")
                .withRequestRetryBackoffLimit(0)
                .build();
        client = new KubernetesClientBuilder().withConfig(config).build();
        clock = new HandClock(Instant.now().truncatedTo(ChronoUnit.HOURS).plus(Duration.ofHours(2)));
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        server.close();
    }

    @Test
    void startsAndCountsAndClearsAway() throws Exception {
        create("successfulJobsHistoryLimit: 1");
        CronRunner runner = runner();

        for (int run = 1; run <= 3; run++) {
            clock.set(clock.instant().truncatedTo(ChronoUnit.MINUTES).plusSeconds(60));
            look(runner);
            finish(WorkflowPhase.SUCCEEDED);
            clock.pass(Duration.ofSeconds(10));
            look(runner);
            assertThat(cron().getStatus().succeeded()).isEqualTo(run);
        }

        Instant last = clock.instant().truncatedTo(ChronoUnit.MINUTES);
        assertThat(workflows())
                .extracting(workflow -> workflow.getMetadata().getName())
                .containsExactly("tick-" + last.getEpochSecond());
        assertThat(cron().getStatus().lastScheduledTime()).isEqualTo(last);
        assertThat(cron().getStatus().phase()).isEqualTo("Active");
        assertThat(cron().getStatus().active()).isEmpty();
        assertThat(cron().getMetadata().getAnnotations()).containsEntry(Ledger.SCHEDULES, "* * * * *");
        assertThat(metrics.counter("argo_workflows.cronworkflows.triggered", "name", "tick", "namespace", "default")
                        .count())
                .isEqualTo(3);
    }

    @Test
    void whatTheOperatorsDefaultsAddNeedNotBeThere() throws Exception {
        create("", "{templates: [{name: main, container: {image: a, command: [b]}}]}");
        clock.set(clock.instant().truncatedTo(ChronoUnit.MINUTES).plusSeconds(60));
        look(runner());

        assertThat(cron().getStatus().conditions()).isEmpty();
        assertThat(workflows()).hasSize(1);
    }

    @Test
    void anotherReplicaWithAnOldViewStartsNothingTwice() throws Exception {
        create("");
        CronWorkflow old = cron();
        clock.pass(Duration.ofSeconds(60));
        look(runner());
        client.resources(Workflow.class).inNamespace("default").delete();

        runner().lookAt(List.of(old));
        look(runner());

        assertThat(workflows()).isEmpty();
    }

    @Test
    void aNewReplicaMakesUpForTheLastMissedRun() throws Exception {
        create("startingDeadlineSeconds: 50");
        clock.pass(Duration.ofSeconds(60));
        look(runner());

        clock.pass(Duration.ofSeconds(10 * 60 + 40));
        look(runner());

        assertThat(workflows())
                .extracting(workflow -> workflow.getMetadata().getName())
                .containsExactlyInAnyOrder(
                        "tick-" + clock.instant().minusSeconds(640).getEpochSecond(),
                        "tick-" + clock.instant().minusSeconds(40).getEpochSecond());
    }

    @Test
    void replacesWhatStillRuns() throws Exception {
        create("concurrencyPolicy: Replace");
        CronRunner runner = runner();
        for (int i = 0; i < 2; i++) {
            clock.pass(Duration.ofSeconds(60));
            look(runner);
        }

        assertThat(workflows())
                .extracting(workflow -> String.valueOf(workflow.getSpec().shutdown()))
                .containsExactlyInAnyOrder("Terminate", "null");
        assertThat(metrics.counter(
                                "argo_workflows.cronworkflows.concurrencypolicy.triggered",
                                "name",
                                "tick",
                                "namespace",
                                "default",
                                "concurrency_policy",
                                "Replace")
                        .count())
                .isEqualTo(1);
    }

    @Test
    void saysOnTheCronWhatIsWrongWithItsSpecAndThatItIsMended() throws Exception {
        create("", "{entrypoint: absent, templates: [{name: main, container: {image: a, command: [b]}}]}");
        CronRunner runner = runner();
        clock.pass(Duration.ofSeconds(60));
        look(runner);
        assertThat(workflows()).isEmpty();
        assertThat(cron().getStatus().conditions()).extracting(Condition::type).containsExactly("SpecError");
        assertThat(client.v1().events().inNamespace("default").list().getItems())
                .extracting(event -> event.getReason())
                .containsExactly("SpecError");

        client.resource(cron().withSpec(manifest("", RUNNABLE).getSpec())).update();
        clock.pass(Duration.ofSeconds(60));
        look(runner);

        assertThat(workflows()).hasSize(1);
        assertThat(cron().getStatus().conditions()).isEmpty();
    }

    @Test
    void labelsACronThatHasStopped() throws Exception {
        create("stopStrategy: {expression: 'cronworkflow.failed >= 1'}");
        CronRunner runner = runner();
        clock.pass(Duration.ofSeconds(60));
        look(runner);
        finish(WorkflowPhase.FAILED);
        clock.pass(Duration.ofSeconds(60));
        look(runner);

        assertThat(workflows()).hasSize(1);
        assertThat(cron().getStatus().phase()).isEqualTo("Stopped");
        assertThat(cron().getMetadata().getLabels()).containsEntry("cronworkflows.argoproj.io/completed", "true");
    }

    @Test
    void leavesAWorkflowOfTheSameNameAlone() throws Exception {
        create("");
        clock.pass(Duration.ofSeconds(60));
        ObjectMeta taken = new ObjectMeta();
        taken.setName("tick-" + clock.instant().getEpochSecond());
        client.resource(new Workflow(taken, io.tiphys.api.WorkflowSpec.NONE))
                .inNamespace("default")
                .create();
        look(runner());

        assertThat(cron().getStatus().conditions()).extracting(Condition::type).containsExactly("SubmissionError");
        assertThat(cron().getStatus().active()).isEmpty();
    }

    private CronRunner runner() {
        ApiCalls calls =
                new ApiCalls(new AdaptiveLimiter(1, 8, 8), metrics, Duration.ofMillis(1), Duration.ofMillis(1), 3);
        return new CronRunner(
                client,
                calls,
                new KubeEvents(client, calls),
                metrics,
                new MetricBoard(),
                clock,
                Duration.ofSeconds(1),
                Instance.ANY,
                spec -> spec.entrypoint() == null ? spec.withEntrypoint("main") : spec,
                uid -> true);
    }

    private void look(CronRunner runner) throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            runner.lookAt(List.of(cron()));
        }
    }

    private CronWorkflow cron() {
        return client.resources(CronWorkflow.class)
                .inNamespace("default")
                .withName("tick")
                .require();
    }

    private List<Workflow> workflows() {
        return client.resources(Workflow.class).inNamespace("default").list().getItems();
    }

    private void finish(WorkflowPhase phase) {
        for (Workflow workflow : workflows()) {
            if (!workflow.getStatus().phase().isFulfilled()) {
                client.resource(workflow.withStatus(
                                workflow.getStatus().withPhase(phase).withFinishedAt(clock.instant())))
                        .update();
            }
        }
    }

    private void create(String more) {
        create(more, RUNNABLE);
    }

    private void create(String more, String workflow) {
        client.resource(manifest(more, workflow)).inNamespace("default").create();
    }

    private static CronWorkflow manifest(String more, String workflow) {
        return Manifests.read("""
                apiVersion: argoproj.io/v1alpha1
                kind: CronWorkflow
                metadata: {name: tick}
                spec:
                  schedules: ["* * * * *"]
                  workflowSpec: %s
                """.formatted(workflow) + more.indent(2), CronWorkflow.class);
    }
}
