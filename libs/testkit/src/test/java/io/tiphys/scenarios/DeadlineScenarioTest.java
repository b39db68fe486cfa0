package io.tiphys.scenarios;

import static io.tiphys.testkit.Expect.ended;
import static io.tiphys.testkit.Expect.ensured;
import static io.tiphys.testkit.Expect.noNode;
import static io.tiphys.testkit.Expect.node;
import static io.tiphys.testkit.Expect.order;
import static io.tiphys.testkit.Expect.workflow;
import static io.tiphys.testkit.Scenario.givenSpec;
import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.api.NodePhase;
import io.tiphys.api.WorkflowPhase;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DeadlineScenarioTest {
    private static final String LIMITED = """
            entrypoint: main
            activeDeadlineSeconds: 30
            onExit: bye
            templates:
            - name: main
              steps:
              - - {name: a, template: work}
              - - {name: b, template: work}
            - name: work
              container: {image: busybox}
            - name: bye
              container: {image: busybox}
            """;

    @Test
    void theWorkflowsDeadlineEndsWhatRunsButNotTheExitHandler() {
        givenSpec(LIMITED)
                .submitted()
                .then(order(
                        "a", order -> assertThat(order.deadline()).isEqualTo(Instant.parse("2026-01-01T00:00:30Z"))))
                .pod("a")
                .runs()
                .after("30s")
                .then(
                        node("a").is(NodePhase.FAILED).says("Step exceeded its deadline"),
                        ended("a"),
                        noNode("b"),
                        ensured("wf.onExit"),
                        order("wf.onExit", order -> assertThat(order.deadline()).isNull()))
                .pod("wf.onExit")
                .succeeds()
                .then(workflow(WorkflowPhase.FAILED));
    }

    @Test
    void aWorkflowThatEndsInTimeForgetsItsDeadline() {
        givenSpec(LIMITED).submitted().everyPodSucceeds().after("60s").then(workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void aPendingPodHasOnlySoMuchTime() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          timeout: 10s
                          container: {image: busybox}
                        """)
                .submitted()
                .pod("wf")
                .waits("Unschedulable")
                .after("10s")
                .then(node("wf").is(NodePhase.FAILED).says("timeout"), ended("wf"));
    }

    /** Argo: a timeout is an error of whoever called the template, and an exit handler isn't run after it. */
    @Test
    void anEntryThatHadToWaitTooLongIsTheWorkflowsError() {
        givenSpec("""
                        entrypoint: main
                        onExit: bye
                        templates:
                        - name: main
                          pendingTimeout: 10s
                          container: {image: busybox}
                        - name: bye
                          container: {image: busybox}
                        """)
                .submitted()
                .pod("wf")
                .waits("Unschedulable")
                .after("10s")
                .then(
                        node("wf").is(NodePhase.FAILED).says("timeout"),
                        noNode("wf.onExit"),
                        workflow(WorkflowPhase.ERROR, "error in entry template execution: timeout"));
    }

    @Test
    void anExitHandlerThatHadToWaitTooLongIsTheWorkflowsErrorAsWell() {
        givenSpec("""
                        entrypoint: main
                        onExit: bye
                        templates:
                        - name: main
                          container: {image: busybox}
                        - name: bye
                          pendingTimeout: 10s
                          container: {image: busybox}
                        """)
                .submitted()
                .pod("wf")
                .succeeds()
                .pod("wf.onExit")
                .waits("Unschedulable")
                .after("10s")
                .then(workflow(WorkflowPhase.ERROR, "error in exit template execution : timeout"));
    }

    @Test
    void theGroupOfAStepThatHadToWaitTooLongSaysSoAndWaitsForTheOthers() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          steps:
                          - - {name: late, template: impatient}
                            - {name: other, template: patient}
                        - name: impatient
                          pendingTimeout: 10s
                          container: {image: busybox}
                        - name: patient
                          container: {image: busybox}
                        """)
                .submitted()
                .pod("late")
                .waits("Unschedulable")
                .after("10s")
                .then(
                        node("late").is(NodePhase.FAILED).says("timeout"),
                        node("wf[0]").is(NodePhase.RUNNING))
                .pod("other")
                .succeeds()
                .then(node("wf[0]").is(NodePhase.FAILED).says("timeout"), workflow(WorkflowPhase.FAILED, "timeout"));
    }

    @Test
    void retriesEndWithTheDeadline() {
        givenSpec("""
                        entrypoint: main
                        activeDeadlineSeconds: 5
                        templates:
                        - name: main
                          retryStrategy: {limit: 10, backoff: {duration: 1m}}
                          container: {image: busybox}
                        """)
                .submitted()
                .pod("wf(0)")
                .fails(1)
                .after("5s")
                .then(node("wf").is(NodePhase.FAILED), workflow(WorkflowPhase.FAILED));
    }
}
