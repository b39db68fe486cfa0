package io.tiphys.scenarios;

import static io.tiphys.testkit.Expect.node;
import static io.tiphys.testkit.Expect.nodes;
import static io.tiphys.testkit.Expect.workflow;
import static io.tiphys.testkit.Scenario.given;
import static io.tiphys.testkit.Scenario.givenSpec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.tiphys.api.MutexHolding;
import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeType;
import io.tiphys.api.SemaphoreHolding;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.engine.Input;
import io.tiphys.engine.Node;
import io.tiphys.engine.PodFacts;
import io.tiphys.testkit.Scenario;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Runs that somebody takes up from their status alone. */
class AdoptionScenarioTest {
    /** Adopts the run; the tree must be the same. */
    private static Scenario adopted(Scenario scenario) {
        return adopted(scenario, scenario.adopted());
    }

    private static Scenario adopted(Scenario before, Scenario heir) {
        assertThat(heir.run().nodes().stream().map(AdoptionScenarioTest::told))
                .containsExactlyInAnyOrderElementsOf(before.run().nodes().stream()
                        .map(AdoptionScenarioTest::told)
                        .toList());
        return heir;
    }

    private static String told(Node node) {
        String template = node.template() == null ? "" : node.template().name();
        return node.id() + " " + node.name() + " " + node.type() + " " + node.phase() + " " + template;
    }

    @Test
    void hooksBelongToTheNodesWhoseNamesTheyBear() {
        Scenario scenario = givenSpec("""
                entrypoint: main
                hooks: {begun: {expression: "workflow.status == 'Running'", template: work}}
                templates:
                - name: main
                  steps:
                  - - name: a
                      template: work
                      hooks: {going: {expression: "steps.a.status == 'Running'", template: work}, exit: {template: work}}
                - name: work
                  container: {image: busybox}
                """).submitted().pod("a").runs();
        adopted(scenario)
                .everyPodSucceeds()
                .then(
                        workflow(WorkflowPhase.SUCCEEDED),
                        nodes("wf", "wf[0]", "wf[0].a", "wf[0].a.hooks.going", "wf[0].a.onExit", "wf.hooks.begun"));
    }

    @Test
    void containersOfASetBelongToTheirPod() {
        Scenario scenario = givenSpec("""
                entrypoint: main
                templates:
                - name: main
                  containerSet:
                    containers:
                    - {name: second, image: busybox, dependencies: [first]}
                    - {name: first, image: busybox}
                """).submitted();
        adopted(scenario)
                .then(
                        nodes("wf", "wf.first", "wf.second"),
                        node("wf.first").is(NodeType.CONTAINER),
                        node("wf.second").is(NodeType.CONTAINER));
    }

    @Test
    void aPodThatRanIsNoFaultOfItsTemplateAndWhatTheStatusCallsItsTemplateMayBeGone() {
        given("""
                        apiVersion: argoproj.io/v1alpha1
                        kind: Workflow
                        metadata: {name: wf}
                        spec:
                          entrypoint: main
                          templates:
                          - {name: main, steps: [[{name: a, template: work}]]}
                          - {name: work, container: {image: busybox}}
                        status:
                          phase: Running
                          startedAt: "2026-01-01T00:00:00Z"
                          nodes:
                            wf: {id: wf, name: wf, type: Steps, phase: Running, templateName: old}
                            wf-1: {id: wf-1, name: "wf[0]", type: StepGroup, phase: Running, boundaryID: wf}
                            wf-2:
                              id: wf-2
                              name: "wf[0].a"
                              type: Pod
                              phase: Error
                              message: pod deleted
                              boundaryID: wf
                              templateName: work
                              hostNodeName: host
                              finishedAt: "2026-01-01T00:00:09Z"
                        """)
                .takenUp()
                .then(
                        workflow(WorkflowPhase.FAILED),
                        node("wf").is(NodePhase.FAILED).says("child 'wf-2' failed"));
    }

    @Test
    void templatesOfElsewhereAndInlineOnesAreFoundAgain() {
        Scenario scenario = given("""
                apiVersion: argoproj.io/v1alpha1
                kind: WorkflowTemplate
                metadata: {name: lib}
                spec:
                  templates:
                  - {name: outer, steps: [[{name: in, template: inner}]]}
                  - {name: inner, container: {image: busybox}}
                ---
                apiVersion: argoproj.io/v1alpha1
                kind: ClusterWorkflowTemplate
                metadata: {name: shared}
                spec: {templates: [{name: work, container: {image: busybox}}]}
                ---
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: wf}
                spec:
                  entrypoint: main
                  templates:
                  - name: main
                    dag:
                      tasks:
                      - {name: a, templateRef: {name: lib, template: outer}}
                      - {name: b, templateRef: {name: shared, template: work, clusterScope: true}}
                      - {name: c, inline: {container: {image: busybox}}}
                """).submitted();
        adopted(scenario)
                .everyPodSucceeds()
                .then(
                        workflow(WorkflowPhase.SUCCEEDED),
                        node("wf.a[0].in").is(NodePhase.SUCCEEDED),
                        node("wf.b").is(NodePhase.SUCCEEDED),
                        node("wf.c").is(NodePhase.SUCCEEDED));
    }

    @Test
    void attemptsAndItemsGoOnWhereTheyWere() {
        Scenario scenario = givenSpec("""
                entrypoint: main
                templates:
                - name: main
                  dag: {tasks: [{name: a, template: work, withItems: [x, z]}]}
                - name: work
                  retryStrategy: {limit: 1}
                  container: {image: busybox}
                """).submitted().pod("a(0:x)(0)").fails(1);
        adopted(scenario)
                .everyPodSucceeds()
                .then(
                        workflow(WorkflowPhase.SUCCEEDED),
                        nodes("wf", "wf.a", "wf.a(0:x)", "wf.a(0:x)(0)", "wf.a(0:x)(1)", "wf.a(1:z)", "wf.a(1:z)(0)"),
                        node("wf.a(0:x)(0)").is(NodePhase.FAILED));
    }

    @Test
    void locksThatAreHeldStayHeld() {
        Scenario scenario = given("""
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: limits, labels: {workflows.argoproj.io/configmap-type: Parameter}}
                data: {k: "2"}
                ---
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: wf, namespace: default}
                spec:
                  entrypoint: main
                  synchronization: {mutexes: [{name: m}], semaphores: [{configMapKeyRef: {name: limits, key: k}}]}
                  templates: [{name: main, container: {image: busybox}}]
                """).submitted().then(workflow(WorkflowPhase.RUNNING));
        Scenario heir = adopted(scenario);
        var held = heir.run().summary().synchronization();
        assertThat(held.mutex().holding()).containsExactly(new MutexHolding("default/Mutex/m", "default/wf"));
        assertThat(held.semaphore().holding())
                .extracting(SemaphoreHolding::semaphore, SemaphoreHolding::holders)
                .containsExactly(tuple("default/ConfigMap/limits/k", List.of("default/wf")));
        heir.everyPodSucceeds().then(workflow(WorkflowPhase.SUCCEEDED));
        assertThat(heir.run().summary().synchronization()).isNull();
    }

    @Test
    void nodesThatTheSpecDoesNotExplainAreLeftOut() {
        Scenario heir = given("""
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: wf}
                spec:
                  entrypoint: main
                  templates:
                  - {name: main, steps: [[{name: a, template: work}]]}
                  - {name: work, container: {image: busybox}}
                status:
                  phase: Running
                  startedAt: "2026-01-01T00:00:00Z"
                  nodes:
                    wf: {id: wf, name: wf, displayName: wf, type: Steps, phase: Running, templateName: main, templateScope: local/, startedAt: "2026-01-01T00:00:00Z"}
                    wf-1: {id: wf-1, name: "wf[0]", displayName: "[0]", type: StepGroup, phase: Running, boundaryID: wf, startedAt: "2026-01-01T00:00:00Z"}
                    wf-2: {id: wf-2, name: "wf[0].a", displayName: a, type: Pod, phase: Running, boundaryID: wf, templateName: work, templateScope: local/, startedAt: "2026-01-01T00:00:00Z"}
                    wf-3: {id: wf-3, name: "wf[0].gone", displayName: gone, type: Pod, phase: Running, boundaryID: wf}
                    wf-4: {id: wf-4, name: "wf[7]", displayName: "[7]", type: StepGroup, phase: Running, boundaryID: wf}
                    wf-5: {id: wf-5, name: "wf[0].a(x)", displayName: "a(x)", type: Pod, phase: Running, boundaryID: wf}
                    wf-6: {id: wf-6, name: "wf[0].a(x:y)", displayName: "a(x:y)", type: Pod, phase: Running, boundaryID: wf}
                    wf-7: {id: wf-7, name: "other.b", displayName: b, type: Pod, phase: Running}
                    wf-8: {id: wf-8, name: "wf[0].a.child", displayName: child, type: Container, phase: Running}
                    wf-9: {id: wf-9, name: alone, displayName: alone, type: Pod, phase: Running}
                """).takenUp();
        heir.then(nodes("wf", "wf[0]", "wf[0].a"), node("wf[0].a").is(NodePhase.RUNNING));
        PodFacts done = new PodFacts(
                "wf-2", PodFacts.PodPhase.SUCCEEDED, null, null, "host-1", null, heir.now(), List.of(), false);
        heir.input(new Input.PodObserved("wf-2", done, heir.now()))
                .then(node("wf[0].a").is(NodePhase.SUCCEEDED), workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void theFirstOpenGroupOfStepsIsWhereItGoesOn() {
        Scenario heir = given("""
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: wf}
                spec:
                  entrypoint: main
                  templates:
                  - {name: main, steps: [[{name: a, template: work}], [{name: b, template: work}], [{name: c, template: work}]]}
                  - {name: work, container: {image: busybox}}
                status:
                  phase: Running
                  startedAt: "2026-01-01T00:00:00Z"
                  nodes:
                    wf: {id: wf, name: wf, type: Steps, phase: Running, templateName: main}
                    wf-1: {id: wf-1, name: "wf[0]", type: StepGroup, phase: Succeeded, boundaryID: wf}
                    wf-2: {id: wf-2, name: "wf[0].a", type: Pod, phase: Succeeded, boundaryID: wf, templateName: work}
                    wf-3: {id: wf-3, name: "wf[1]", type: StepGroup, phase: Running, boundaryID: wf}
                    wf-4: {id: wf-4, name: "wf[2]", type: StepGroup, phase: Succeeded, boundaryID: wf}
                """).takenUp();
        heir.then(node("wf[1].b").is(NodePhase.PENDING), workflow(WorkflowPhase.RUNNING))
                .everyPodSucceeds()
                .then(node("wf[2].c").is(NodePhase.SUCCEEDED), workflow(WorkflowPhase.SUCCEEDED));
    }

    private static final String HALF_DONE = """
            apiVersion: argoproj.io/v1alpha1
            kind: Workflow
            metadata: {name: wf}
            spec:
              entrypoint: main
              templates:
              - name: main
                steps:
                - - name: a
                    template: work
                    hooks:
                      going: {expression: "steps.a.status == 'Running'", template: work}
                      amiss: {expression: "steps.a.status == 'Error'", template: work}
                - [{name: b, template: work}]
              - {name: work, container: {image: busybox}}
            status:
              phase: Running
              startedAt: "2026-01-01T00:00:00Z"
              nodes:
                wf: {id: wf, name: wf, type: Steps, phase: Running, templateName: main}
                wf-1: {id: wf-1, name: "wf[0]", type: StepGroup, phase: Running, boundaryID: wf}
                wf-2: {id: wf-2, name: "wf[0].a", type: Pod, phase: %s, boundaryID: wf, templateName: work, startedAt: "2026-01-01T00:00:00Z"}
            """;

    @Test
    void nothingBeginsInAWorkflowThatWasStoppedMeanwhile() {
        given(HALF_DONE.formatted("Succeeded").replace("spec:\n", "spec:\n  shutdown: Stop\n"))
                .takenUp()
                .then(
                        workflow(WorkflowPhase.FAILED, "Stopped with strategy 'Stop'"),
                        node("wf[1].b").is(NodePhase.FAILED).says("workflow shutdown with strategy: Stop"));
    }

    @Test
    void hooksSeeThatAPodIsGone() {
        Scenario heir = given(HALF_DONE.formatted("Running")).takenUpWithoutPods();
        heir.then(
                nodes("wf", "wf[0]", "wf[0].a", "wf[0].a.hooks.amiss"),
                node("wf[0].a").is(NodePhase.ERROR).says("pod deleted"));
    }
}
