package io.tiphys.scenarios;

import static io.tiphys.testkit.Expect.activePods;
import static io.tiphys.testkit.Expect.ensured;
import static io.tiphys.testkit.Expect.heldBy;
import static io.tiphys.testkit.Expect.noNode;
import static io.tiphys.testkit.Expect.node;
import static io.tiphys.testkit.Expect.workflow;
import static io.tiphys.testkit.Scenario.given;
import static io.tiphys.testkit.Scenario.givenSpec;
import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.api.MutexHolding;
import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeType;
import io.tiphys.api.Outputs;
import io.tiphys.api.SemaphoreHolding;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.testkit.Expectation;
import io.tiphys.testkit.Scenario;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Mutexes and semaphores of workflows and templates. */
class LockScenarioTest {
    private static final String MUTEX = "default/Mutex/m";
    private static final String WAITING = "Waiting for default/Mutex/m lock. Lock status: 0/1";

    private static final String WORKFLOW_LEVEL = """
            entrypoint: main
            activeDeadlineSeconds: 60
            synchronization: {mutexes: [{name: m}]}
            templates:
            - name: main
              container: {image: busybox}
            """;

    private static final String FAN_OUT = """
            entrypoint: main
            templates:
            - name: main
              steps: [[{name: a, template: work, withSequence: {count: 3}}]]
            - name: work
              synchronization: {mutexes: [{name: m}]}
              container: {image: busybox}
            """;

    @Test
    void aWorkflowHoldsItsMutexUntilItEnds() {
        givenSpec(WORKFLOW_LEVEL)
                .submitted()
                .then(
                        workflow(WorkflowPhase.RUNNING),
                        heldBy(MUTEX, "default/wf"),
                        holding(new MutexHolding(MUTEX, "default/wf")))
                .everyPodSucceeds()
                .then(
                        workflow(WorkflowPhase.SUCCEEDED),
                        heldBy(MUTEX),
                        scenario -> assertThat(scenario.run().summary().synchronization())
                                .isNull());
    }

    @Test
    void aWorkflowThatWaitsIsPendingAndItsClockStandsStill() {
        givenSpec(WORKFLOW_LEVEL)
                .otherHolds(MUTEX)
                .submitted()
                .then(
                        workflow(WorkflowPhase.PENDING, WAITING),
                        noNode("wf"),
                        scenario -> assertThat(scenario.run()
                                        .summary()
                                        .synchronization()
                                        .mutex()
                                        .waiting())
                                .containsExactly(new MutexHolding(MUTEX, "default/other")))
                .after("5m")
                .otherReleases(MUTEX)
                .then(workflow(WorkflowPhase.RUNNING, null), ensured("wf"))
                .after("59s")
                .then(workflow(WorkflowPhase.RUNNING))
                .after("1s")
                .then(workflow(WorkflowPhase.FAILED), heldBy(MUTEX));
    }

    @Test
    void terminatingAWorkflowThatWaitsEndsIt() {
        givenSpec(WORKFLOW_LEVEL)
                .otherHolds(MUTEX)
                .submitted()
                .terminated()
                .then(workflow(WorkflowPhase.FAILED, "Stopped with strategy 'Terminate'"))
                .otherReleases(MUTEX)
                .then(heldBy(MUTEX), workflow(WorkflowPhase.FAILED));
    }

    @Test
    void aRetriedWorkflowTakesItsLocksAnew() {
        givenSpec(WORKFLOW_LEVEL)
                .submitted()
                .pod("wf")
                .fails(1)
                .then(workflow(WorkflowPhase.FAILED), heldBy(MUTEX))
                .otherHolds(MUTEX)
                .retried()
                .then(workflow(WorkflowPhase.RUNNING, WAITING), noNode("wf"))
                .otherReleases(MUTEX)
                .then(workflow(WorkflowPhase.RUNNING, null), heldBy(MUTEX, "default/wf"))
                .pod("wf")
                .succeeds()
                .then(workflow(WorkflowPhase.SUCCEEDED), heldBy(MUTEX));
    }

    @Test
    void nodesOfATemplateTakeTurns() {
        Scenario scenario = givenSpec(FAN_OUT).submitted();
        String first =
                "default/wf/" + scenario.run().status(find(scenario, "a(0:0)")).id();
        scenario.then(
                        activePods(3),
                        ensured("a(0:0)"),
                        heldBy(MUTEX, first),
                        node("a(1:1)")
                                .is(NodePhase.PENDING)
                                .is(NodeType.POD)
                                .says(WAITING)
                                .satisfies(status -> assertThat(
                                                status.synchronizationStatus().waiting())
                                        .isEqualTo(MUTEX)),
                        holding(new MutexHolding(MUTEX, first)))
                .pod("a(0:0)")
                .fails(1)
                .then(node("a(1:1)").is(NodePhase.PENDING).says(null), ensured("a(1:1)"))
                .pod("a(1:1)")
                .succeeds()
                .pod("a(2:2)")
                .succeeds()
                .then(workflow(WorkflowPhase.FAILED), heldBy(MUTEX));
    }

    @Test
    void aSemaphoreAdmitsAsManyAsItsConfigMapSays() {
        given("""
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: limits}
                data: {jobs: "2"}
                ---
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: wf}
                spec:
                  entrypoint: main
                  templates:
                  - name: main
                    steps: [[{name: a, template: work, withSequence: {count: 3}}]]
                  - name: work
                    synchronization: {semaphores: [{configMapKeyRef: {name: limits, key: jobs}}]}
                    container: {image: busybox}
                """)
                .submitted()
                .then(
                        ensured("a(1:1)"),
                        node("a(2:2)").says("Waiting for default/ConfigMap/limits/jobs lock. Lock status: 0/2"),
                        scenario -> assertThat(scenario.run()
                                        .summary()
                                        .synchronization()
                                        .semaphore()
                                        .holding())
                                .extracting(SemaphoreHolding::semaphore)
                                .containsExactly("default/ConfigMap/limits/jobs"))
                .everyPodSucceeds()
                .then(workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void withoutALimitTheNodeIsInError() {
        givenSpec(FAN_OUT.replace("mutexes: [{name: m}]", "semaphores: [{configMapKeyRef: {name: absent, key: jobs}}]"))
                .submitted()
                .then(
                        node("a(0:0)")
                                .is(NodePhase.ERROR)
                                .says("failed to initialize semaphore default/ConfigMap/absent/jobs with limit"),
                        workflow(WorkflowPhase.FAILED));
    }

    @Test
    void withoutALimitTheWorkflowFails() {
        givenSpec(WORKFLOW_LEVEL.replace(
                        "mutexes: [{name: m}]", "semaphores: [{configMapKeyRef: {name: absent, key: jobs}}]"))
                .submitted()
                .then(
                        workflow(
                                WorkflowPhase.FAILED,
                                "Failed to acquire the synchronization lock. failed to initialize semaphore"
                                        + " default/ConfigMap/absent/jobs with limit"),
                        noNode("wf"));
    }

    @Test
    void duplicatesAreRefused() {
        givenSpec(WORKFLOW_LEVEL.replace("[{name: m}]", "[{name: m}, {name: m}]"))
                .submitted()
                .then(workflow(
                        WorkflowPhase.FAILED,
                        "Failed to acquire the synchronization lock. requested configuration is invalid:"
                                + " duplicate synchronization item found"));
    }

    @Test
    void namesAreTemplatedAndNamespacesRespected() {
        givenSpec("""
                        entrypoint: main
                        arguments: {parameters: [{name: env, value: prod}]}
                        synchronization: {mutexes: [{name: "deploy-{{workflow.parameters.env}}", namespace: shared}]}
                        templates:
                        - name: main
                          steps: [[{name: a, template: work, arguments: {parameters: [{name: num, value: "7"}]}}]]
                        - name: work
                          inputs: {parameters: [{name: num}]}
                          synchronization: {mutexes: [{name: "slot-{{inputs.parameters.num}}"}]}
                          container: {image: busybox}
                        """)
                .submitted()
                .then(
                        heldBy("shared/Mutex/deploy-prod", "default/wf"),
                        scenario -> assertThat(scenario.run()
                                        .summary()
                                        .synchronization()
                                        .mutex()
                                        .holding())
                                .extracting(MutexHolding::mutex)
                                .containsExactly("shared/Mutex/deploy-prod", "default/Mutex/slot-7"));
    }

    @Test
    void severalLocksAreTakenTogetherOrNotAtAll() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          dag:
                            tasks: [{name: A, template: both}, {name: B, template: one}]
                        - name: both
                          synchronization: {mutexes: [{name: m}, {name: o}]}
                          container: {image: busybox}
                        - name: one
                          synchronization: {mutexes: [{name: o}]}
                          container: {image: busybox}
                        """)
                .otherHolds(MUTEX)
                .submitted()
                .then(node("A").is(NodePhase.PENDING).says(WAITING), ensured("B"))
                .pod("B")
                .succeeds()
                .otherReleases(MUTEX)
                .then(ensured("A"))
                .pod("A")
                .succeeds()
                .then(workflow(WorkflowPhase.SUCCEEDED), heldBy(MUTEX), heldBy("default/Mutex/o"));
    }

    @Test
    void aRetryNodeKeepsItsLockOverItsAttempts() {
        Scenario scenario = givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          steps: [[{name: a, template: work}, {name: b, template: work}]]
                        - name: work
                          retryStrategy: {limit: 1, backoff: {duration: 10s}}
                          synchronization: {mutexes: [{name: m}]}
                          container: {image: busybox}
                        """).submitted();
        String retry = "default/wf/" + find(scenario, "a").id();
        scenario.then(
                        heldBy(MUTEX, retry),
                        node("b").is(NodeType.RETRY).is(NodePhase.PENDING).says(WAITING))
                .pod("a(0)")
                .fails(1)
                .then(heldBy(MUTEX, retry), noNode("b(0)"))
                .after("10s")
                .then(heldBy(MUTEX, retry))
                .pod("a(1)")
                .succeeds()
                .then(node("a").is(NodePhase.SUCCEEDED), node("b").is(NodePhase.RUNNING), ensured("b(0)"))
                .pod("b(0)")
                .succeeds()
                .then(workflow(WorkflowPhase.SUCCEEDED), heldBy(MUTEX));
    }

    @Test
    void stepsAndDagsHoldLocksToo() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          dag: {tasks: [{name: A, template: inner}, {name: B, template: inner}]}
                        - name: inner
                          synchronization: {mutexes: [{name: m}]}
                          steps: [[{name: x, template: work}], [{name: z, template: work}]]
                        - name: work
                          container: {image: busybox}
                        """)
                .submitted()
                .then(
                        node("A").is(NodePhase.RUNNING),
                        node("B").is(NodeType.STEPS).is(NodePhase.PENDING).says(WAITING))
                .everyPodSucceeds()
                .then(node("B").is(NodePhase.SUCCEEDED), workflow(WorkflowPhase.SUCCEEDED), heldBy(MUTEX));
    }

    @Test
    void aPodThatWaitsForALockTakesNoSlot() {
        givenSpec("""
                        entrypoint: main
                        parallelism: 1
                        templates:
                        - name: main
                          dag: {tasks: [{name: A, template: outer}, {name: B, template: locked}, {name: C, template: locked}]}
                        - name: outer
                          synchronization: {mutexes: [{name: m}]}
                          steps: [[{name: x, template: work}]]
                        - name: locked
                          synchronization: {mutexes: [{name: m}]}
                          container: {image: busybox}
                        - name: work
                          container: {image: busybox}
                        """)
                .submitted()
                .then(ensured("x"))
                .everyPodSucceeds()
                .then(workflow(WorkflowPhase.SUCCEEDED), heldBy(MUTEX));
    }

    @Test
    void stoppingEndsNodesThatWait() {
        givenSpec(FAN_OUT)
                .otherHolds(MUTEX)
                .submitted()
                .stopped()
                .then(
                        node("a(0:0)").is(NodePhase.FAILED).says("Stopped with strategy 'Stop'"),
                        node("a(2:2)").is(NodePhase.FAILED),
                        workflow(WorkflowPhase.FAILED))
                .otherReleases(MUTEX)
                .then(heldBy(MUTEX));
    }

    @Test
    void waitingCountsForTheTemplatesTimeout() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          timeout: 30s
                          synchronization: {mutexes: [{name: m}]}
                          container: {image: busybox}
                        """)
                .otherHolds(MUTEX)
                .submitted()
                .then(node("wf").is(NodePhase.PENDING))
                .after("30s")
                .then(
                        node("wf").is(NodePhase.FAILED),
                        workflow(WorkflowPhase.ERROR, "error in entry template execution: timeout"))
                .otherReleases(MUTEX)
                .then(heldBy(MUTEX));
    }

    @Test
    void aRetriedWorkflowsOpenStepsTakeTheirLockAnew() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          steps: [[{name: in, template: inner}]]
                        - name: inner
                          synchronization: {mutexes: [{name: m}]}
                          steps: [[{name: x, template: work}, {name: z, template: work}]]
                        - name: work
                          container: {image: busybox}
                        """)
                .submitted()
                .pod("x")
                .succeeds()
                .pod("z")
                .fails(1)
                .then(workflow(WorkflowPhase.FAILED), heldBy(MUTEX))
                .otherHolds(MUTEX)
                .retried()
                .then(node("in").says(WAITING), noNode("z"))
                .otherReleases(MUTEX)
                .then(ensured("z"))
                .pod("z")
                .succeeds()
                .then(workflow(WorkflowPhase.SUCCEEDED), heldBy(MUTEX));
    }

    @Test
    void aReadyDaemonGivesItsLockBack() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          steps: [[{name: db, template: db}], [{name: use, template: work}]]
                        - name: db
                          daemon: true
                          synchronization: {mutexes: [{name: m}]}
                          container: {image: busybox}
                        - name: work
                          synchronization: {mutexes: [{name: m}]}
                          container: {image: busybox}
                        """)
                .submitted()
                .pod("db")
                .runs()
                .then(ensured("use"))
                .pod("use")
                .succeeds()
                .then(workflow(WorkflowPhase.SUCCEEDED), heldBy(MUTEX));
    }

    @Test
    void theCacheIsAskedUnderTheLockAndAHitReleasesIt() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          dag: {tasks: [{name: A, template: work}, {name: B, template: work}]}
                        - name: work
                          synchronization: {mutexes: [{name: m}]}
                          memoize: {key: same, cache: {configMap: {name: cache}}}
                          container: {image: busybox}
                        """)
                .submitted()
                .then(node("B").says(WAITING))
                .cacheLacks("A")
                .pod("A")
                .succeeds()
                .then(
                        node("A").is(NodePhase.SUCCEEDED),
                        node("B").is(NodePhase.PENDING).says(null))
                .cacheHas("B", Outputs.NONE, Instant.parse("2026-01-01T00:00:00Z"))
                .then(node("B").is(NodePhase.SUCCEEDED), heldBy(MUTEX));
    }

    private static Expectation holding(MutexHolding... holdings) {
        return scenario -> assertThat(
                        scenario.run().summary().synchronization().mutex().holding())
                .isEqualTo(List.of(holdings));
    }

    private static io.tiphys.engine.Node find(Scenario scenario, String displayName) {
        return scenario.run().nodes().stream()
                .filter(node -> node.displayName().equals(displayName))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aLimitMayStandInAnotherNamespace() {
        String lock = "semaphores: [{configMapKeyRef: {name: limits, key: jobs}, namespace: other}]";
        given("""
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: limits, namespace: other}
                data: {jobs: "2"}
                ---
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: wf}
                spec:
                """ + FAN_OUT.replace("mutexes: [{name: m}]", lock).indent(2))
                .submitted()
                .then(
                        ensured("a(1:1)"),
                        node("a(2:2)").says("Waiting for other/ConfigMap/limits/jobs lock. Lock status: 0/2"));
    }
}
