package io.tiphys.scenarios;

import static io.tiphys.testkit.Expect.ended;
import static io.tiphys.testkit.Expect.ensured;
import static io.tiphys.testkit.Expect.noNode;
import static io.tiphys.testkit.Expect.node;
import static io.tiphys.testkit.Expect.workflow;
import static io.tiphys.testkit.Scenario.givenSpec;

import io.tiphys.api.NodePhase;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.testkit.Scenario;
import org.junit.jupiter.api.Test;

class DaemonScenarioTest {
    private static Scenario serving(String retry) {
        return givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          steps:
                          - - {name: server, template: server}
                          - - {name: client, template: client, arguments: {parameters: [{name: ip, value: "{{steps.server.ip}}"}]}}
                        - name: server
                          daemon: true
                        %s
                          container: {image: busybox}
                        - name: client
                          inputs: {parameters: [{name: ip}]}
                          container: {image: busybox}
                        """.formatted(retry)).submitted();
    }

    @Test
    void countsAsDoneWhenReadyAndEndsWithItsBoundary() {
        serving("")
                .pod("server")
                .runsButIsNotReady()
                .then(noNode("client"))
                .pod("server")
                .runs()
                .then(
                        node("server").is(NodePhase.RUNNING),
                        ensured("client"),
                        node("client").has("ip", "10.0.0.1"))
                .pod("client")
                .succeeds()
                .then(node("server").is(NodePhase.SUCCEEDED), ended("server"), workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void aDaemonMayHaveRetries() {
        serving("  retryStrategy: {limit: 1}")
                .pod("server(0)")
                .fails(1)
                .pod("server(1)")
                .runs()
                .then(ensured("client"))
                .pod("client")
                .succeeds()
                .then(ended("server(1)"), workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void theContainersOfADaemonEndWithIt() {
        givenSpec("""
                        entrypoint: server
                        templates:
                        - name: server
                          daemon: true
                          containerSet:
                            containers:
                            - {name: first, image: busybox}
                            - {name: second, image: busybox, dependencies: [first]}
                        """)
                .submitted()
                .pod("wf")
                .runs()
                .then(
                        node("first").is(NodePhase.SUCCEEDED),
                        node("second").is(NodePhase.SUCCEEDED),
                        ended("wf"),
                        workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void theNextAttemptAtADaemonEndsWithItsBoundary() {
        serving("  retryStrategy: {limit: 2}")
                .pod("server(0)")
                .runs()
                .pod("server(0)")
                .fails(1)
                .then(node("server(1)").is(NodePhase.PENDING))
                .pod("client")
                .succeeds()
                .then(
                        node("server").is(NodePhase.SUCCEEDED),
                        node("server(1)").is(NodePhase.SUCCEEDED),
                        ended("server(1)"),
                        workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void aDaemonEndsThoughTheExitHandlerCannotBeCarriedOut() {
        givenSpec("""
                        entrypoint: server
                        onExit: ask
                        templates:
                        - name: server
                          daemon: true
                          container: {image: busybox}
                        - name: ask
                          suspend: {duration: "1"}
                          outputs: {parameters: [{name: answer, valueFrom: {supplied: {}}}]}
                        """)
                .submitted()
                .pod("wf")
                .runs()
                .after("1s")
                .then(node("wf").is(NodePhase.SUCCEEDED), ended("wf"), workflow(WorkflowPhase.ERROR));
    }

    @Test
    void aDaemonThatWaitsToBeTriedAgainFailsOnceAtTheDeadline() {
        givenSpec("""
                        entrypoint: main
                        activeDeadlineSeconds: 10
                        templates:
                        - name: main
                          steps: [[{name: server, template: server}], [{name: client, template: client}]]
                        - name: server
                          daemon: true
                          retryStrategy: {limit: 3, backoff: {duration: 60s}}
                          container: {image: busybox}
                        - name: client
                          container: {image: busybox}
                        """)
                .submitted()
                .pod("server(0)")
                .runs()
                .pod("server(0)")
                .fails(1)
                .after("10s")
                .then(
                        node("server").is(NodePhase.FAILED),
                        node("client").is(NodePhase.FAILED),
                        workflow(WorkflowPhase.FAILED));
    }

    /** A graph of a daemon and of those who count on it, beside others that want the two places as well. */
    private static Scenario crowded(String steps, String graph) {
        return givenSpec("""
                        entrypoint: main
                        parallelism: 2
                        templates:
                        - name: main
                          steps: [[%s]]
                        - name: graph
                          %s
                        - name: many
                          steps: [[{name: i, template: work, withItems: [1, 2, 3]}]]
                        - name: server
                          daemon: true
                          container: {image: busybox}
                        - name: work
                          container: {image: busybox}
                        """.formatted(steps, graph)).submitted();
    }

    /** Others are before it in the line for a place, which isn't what it waits for any more. */
    @Test
    void whoCountedOnADaemonThatFailedIsLeftOutAtOnce() {
        crowded(
                        "{name: x, template: graph}, {name: z, template: many}",
                        "dag: {tasks: [{name: a, template: server}, {name: b, template: work, depends: a}]}")
                .pod("a")
                .runs()
                .then(noNode("b"))
                .pod("a")
                .fails(1)
                .then(node("b").is(NodePhase.OMITTED), ensured("i(1:2)"));
    }

    @Test
    void whoCountedOnADaemonWithAHookIsLeftOutAtOnceToo() {
        crowded(
                        "{name: x, template: graph}, {name: z, template: many}",
                        "dag: {tasks: [{name: a, template: server, hooks: {exit: {template: work}}},"
                                + " {name: b, template: work, depends: a}]}")
                .pod("a")
                .runs()
                .then(noNode("b"))
                .pod("a")
                .fails(1)
                .then(node("b").is(NodePhase.OMITTED));
    }

    /** Nobody waits for a place any more then: not even a loop that would go on after a daemon which had counted as done. */
    @Test
    void aDaemonThatFailsAfterItCountedAsDoneEndsABoundaryThatFailsFast() {
        crowded(
                        "{name: v, template: work}, {name: x, template: graph}, {name: z, template: many}",
                        "failFast: true\n  dag: {failFast: true, tasks: [{name: a, template: server},"
                                + " {name: b, template: work, withItems: [1, 2]}]}")
                .pod("a")
                .runs()
                .then(noNode("b(0:1)"))
                .pod("a")
                .fails(1)
                .then(node("x").is(NodePhase.FAILED), noNode("b(0:1)"), ensured("i(0:1)"));
    }
}
