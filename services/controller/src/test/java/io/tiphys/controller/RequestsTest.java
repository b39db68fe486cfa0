package io.tiphys.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.controller.parts.TestSystem;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What workflows cost the API server in requests. */
class RequestsTest {
    private static final int ITEMS = 40;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Longer than the test: what is written is due to phases alone. */
    private static final String PHASES_ALONE = "300s";

    private TestSystem system;

    @BeforeEach
    void start() throws Exception {
        system = new TestSystem();
    }

    private void startController(String statusInterval) {
        startController(statusInterval, false);
    }

    private void startController(String statusInterval, boolean workflowEvents) {
        startController(statusInterval, workflowEvents, "1000");
    }

    private void startController(String statusInterval, boolean workflowEvents, String statusRate) {
        system.startController(Map.of(
                "tiphys.controller.status-rate",
                statusRate,
                "tiphys.archive.enabled",
                "false",
                "tiphys.node-events.enabled",
                "false",
                "tiphys.workflow-events.enabled",
                Boolean.toString(workflowEvents),
                "tiphys.controller.pod-gc-delay",
                "0s",
                "tiphys.controller.status-interval",
                statusInterval));
    }

    @AfterEach
    void stop() {
        system.close();
    }

    @Test
    void aLeanPodIsWrittenThreeTimesItsDeletionIncluded() {
        startController(PHASES_ALONE);
        create("wide", "withSequence: {count: \"" + ITEMS + "\"}", "podGC: {strategy: OnWorkflowCompletion}");
        Workflow wide = system.finished("wide");
        assertThat(wide.getStatus().phase()).isEqualTo(WorkflowPhase.SUCCEEDED);
        Map<String, Long> expected = Map.of(
                "create pod",
                (long) ITEMS,
                "label pod",
                (long) ITEMS,
                "delete pod",
                (long) ITEMS,
                // its shard, phase and labels go with it
                "write workflow status",
                1L,
                "get config map",
                1L);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(system.requests()).isEqualTo(expected));
    }

    @Test
    void aWorkflowOfOnePodTakesFourRequests() {
        startController(PHASES_ALONE);
        create("small", "", "");
        system.finished("small");
        Map<String, Long> expected =
                Map.of("create pod", 1L, "label pod", 1L, "write workflow status", 1L, "get config map", 1L);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(system.requests()).isEqualTo(expected));
    }

    /** The watch tells late of what we wrote ourselves, and the next status is written on top of that. */
    @Test
    void aStatusNeverConflictsWithOurOwnPatches() {
        startController("1ms");
        create("shown", "withSequence: {count: \"" + ITEMS + "\"}", "parallelism: 1");
        system.finished("shown");
        assertThat(system.requests()).containsKey("write workflow status").doesNotContainKey("get workflow");
    }

    /** Of each of a hundred pods two things could be told. */
    @Test
    void progressIsShownAtItsRateAndTheEndAtOnce() {
        startController("1ms", false, "0.001");
        create("shown", "withSequence: {count: \"100\"}", "parallelism: 1");
        Workflow shown = system.finished("shown");
        assertThat(shown.getStatus().progress()).isEqualTo("100/100");
        assertThat(system.requests().get("write workflow status")).isLessThan(60);
    }

    /** Events wait for their turn behind the labels of thousands of pods. */
    @Test
    void aStatusNeverWaitsForEvents() {
        startController("1ms", true);
        CountDownLatch events = system.holdEvents();
        create("shown", "withSequence: {count: \"3\"}", "parallelism: 1");
        system.finished("shown");
        assertThat(system.requests()).doesNotContainKey("create event");

        events.countDown();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(system.requests()).containsEntry("create event", 2L));
    }

    private void create(String name, String loop, String gc) {
        system.create("""
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: %s}
                spec:
                  entrypoint: main
                  %s
                  templates:
                  - name: main
                    steps:
                    - - name: item
                        template: pod
                        %s
                  - name: pod
                    container: {image: "alpine:latest", command: ["true"]}
                """.formatted(name, gc, loop));
    }
}
