package io.tiphys.scenarios;

import static io.tiphys.testkit.Expect.node;
import static io.tiphys.testkit.Expect.order;
import static io.tiphys.testkit.Expect.workflow;
import static io.tiphys.testkit.Scenario.given;
import static io.tiphys.testkit.Scenario.givenSpec;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.Volume;
import io.tiphys.api.Parameter;
import io.tiphys.api.WorkflowPhase;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TemplateRefScenarioTest {
    private static final String LIBRARY = """
            apiVersion: argoproj.io/v1alpha1
            kind: WorkflowTemplate
            metadata: {name: library}
            spec:
              entrypoint: outer
              arguments: {parameters: [{name: p, value: library}]}
              templates:
              - name: outer
                steps: [[{name: inner, template: inner}]]
              - name: inner
                container: {image: busybox, args: ["{{workflow.parameters.p}}"]}
            ---
            """;

    @Test
    void namesAreLookedUpWhereTheTemplateLives() {
        given(LIBRARY + """
                                apiVersion: argoproj.io/v1alpha1
                                kind: Workflow
                                metadata: {name: wf}
                                spec:
                                  entrypoint: main
                                  arguments: {parameters: [{name: p, value: own}]}
                                  templates:
                                  - name: main
                                    steps: [[{name: call, templateRef: {name: library, template: outer}}]]
                                """)
                .submitted()
                .then(
                        node("call").satisfies(status -> {
                            assertThat(status.templateScope()).isEqualTo("local/wf");
                            assertThat(status.templateRef().template()).isEqualTo("outer");
                        }),
                        node("inner").satisfies(status -> {
                            assertThat(status.templateScope()).isEqualTo("namespaced/library");
                            assertThat(status.templateName()).isEqualTo("inner");
                        }),
                        scenario -> assertThat(scenario.run().status().storedTemplates())
                                .containsOnlyKeys("namespaced/library/outer", "namespaced/library/inner"))
                .everyPodSucceeds()
                .then(workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void aWorkflowMayBeAnInstanceOfATemplate() {
        given(LIBRARY + """
                                apiVersion: argoproj.io/v1alpha1
                                kind: Workflow
                                metadata: {name: wf}
                                spec:
                                  workflowTemplateRef: {name: library}
                                  arguments: {parameters: [{name: p, value: own}]}
                                """)
                .submitted()
                .then(order(
                        "inner",
                        order -> assertThat(order.template().container().getArgs())
                                .containsExactly("own")))
                .everyPodSucceeds()
                .then(workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void aTemplateThatIsNowhereEndsTheWorkflowInError() {
        given("""
              apiVersion: argoproj.io/v1alpha1
              kind: Workflow
              metadata: {name: wf}
              spec: {workflowTemplateRef: {name: nowhere}}
              """).submitted().then(workflow(WorkflowPhase.ERROR, "workflow template \"nowhere\" not found"));
    }

    private static final String RICH = """
            apiVersion: argoproj.io/v1alpha1
            kind: WorkflowTemplate
            metadata: {name: rich}
            spec:
              entrypoint: main
              suspend: true
              hooks:
                exit: {template: main, arguments: {parameters: [{name: p, value: library}]}}
                running: {template: main, expression: "workflow.status == 'Running'"}
              arguments:
                parameters: [{name: p, value: library}, {name: q, value: library}]
                artifacts:
                - {name: a, s3: {bucket: b, key: library}}
                - {name: c, s3: {bucket: b, key: library}}
              workflowMetadata: {labelsFrom: {l: {expression: "'library'"}, k: {expression: "'library'"}}}
              tolerations: [{key: t, operator: Exists}]
              volumes: [{name: v, emptyDir: {}}]
              templates:
              - name: main
                inputs: {parameters: [{name: p, value: x}]}
                container: {image: busybox}
            ---
            """;

    @Test
    void whatTheWorkflowSaysIsLaidOverItsTemplateAsArgoDoes() {
        var spec = given(RICH + """
                        apiVersion: argoproj.io/v1alpha1
                        kind: Workflow
                        metadata: {name: wf}
                        spec:
                          workflowTemplateRef: {name: rich}
                          hooks:
                            exit: {expression: "true", template: main}
                          arguments:
                            parameters: [{name: p, value: own}, {name: q}, {name: r, value: own}]
                            artifacts:
                            - {name: a, s3: {key: own}}
                            - {name: c, raw: {data: own}}
                          workflowMetadata: {labelsFrom: {l: {expression: "'own'"}}}
                          tolerations: [{key: t, value: own}, {key: u, operator: Exists}]
                          volumes: [{name: w, emptyDir: {}}]
                        """)
                .submitted()
                .then(
                        workflow(WorkflowPhase.RUNNING),
                        scenario -> assertThat(scenario.run().isSuspended())
                                .as("a template suspends nobody")
                                .isFalse())
                .run()
                .definition()
                .spec();
        assertThat(spec.hooks()).containsOnlyKeys("exit", "running");
        assertThat(spec.hooks().get("exit").arguments().parameters())
                .as("a hook of the workflow is its own as a whole")
                .isEmpty();
        assertThat(spec.arguments().parameters()).extracting(Parameter::value).containsExactly("own", "library", "own");
        assertThat(spec.arguments().artifacts().getFirst().s3().bucket()).isEqualTo("b");
        assertThat(spec.arguments().artifacts().getFirst().s3().key()).isEqualTo("own");
        assertThat(spec.arguments().artifacts().getLast().s3())
                .as("a location of another kind replaces it")
                .isNull();
        assertThat(spec.workflowMetadata().labelsFrom().get("l").expression()).isEqualTo("'own'");
        assertThat(spec.workflowMetadata().labelsFrom()).containsOnlyKeys("l", "k");
        assertThat(spec.tolerations()).extracting(Toleration::getKey).containsExactly("t", "u");
        assertThat(spec.tolerations().getFirst().getValue()).isEqualTo("own");
        assertThat(spec.tolerations().getFirst().getOperator()).isEqualTo("Exists");
        assertThat(spec.volumes()).extracting(Volume::getName).containsExactly("w", "v");
    }

    @Test
    void listsOfBothAreInTheOrderThatArgoHasThemIn() {
        var spec = given("""
                apiVersion: argoproj.io/v1alpha1
                kind: WorkflowTemplate
                metadata: {name: base}
                spec:
                  entrypoint: main
                  arguments: {parameters: [{name: a, value: b}, {name: b, value: b}, {name: c, value: b}]}
                  imagePullSecrets: [{name: one}]
                  volumes: [{name: v, emptyDir: {}}, {name: w, emptyDir: {}}]
                  templates: [{name: main, container: {image: busybox}}]
                ---
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: wf}
                spec:
                  workflowTemplateRef: {name: base}
                  arguments: {parameters: [{name: new, value: own}, {name: b, value: own}]}
                  imagePullSecrets: [{name: two}]
                  volumes: [{name: v, secret: {secretName: s}}, {name: u, emptyDir: {}}]
                """).run().definition().spec();
        assertThat(spec.arguments().parameters()).extracting(Parameter::name).containsExactly("new", "a", "b", "c");
        assertThat(spec.imagePullSecrets())
                .extracting(LocalObjectReference::getName)
                .containsExactly("two", "one");
        assertThat(spec.volumes()).extracting(Volume::getName).containsExactly("v", "u", "w");
    }

    @Test
    void whatTemplateDefaultsSayOfAParameterIsCompletedByTheTemplate() {
        givenSpec("""
                entrypoint: main
                templateDefaults:
                  inputs: {parameters: [{name: p, value: of defaults, description: any}]}
                  outputs: {parameters: [{name: o, valueFrom: {default: of defaults}}]}
                templates:
                - name: main
                  inputs: {parameters: [{name: p, default: own}]}
                  outputs: {parameters: [{name: o, valueFrom: {expression: "steps.call.outputs.parameters.none"}}]}
                  steps: [[{name: call, template: call}]]
                - name: call
                  container: {image: busybox}
                """)
                .submitted()
                .pod("call")
                .succeeds()
                .then(node("wf").has("p", "of defaults").yields("o", "of defaults"));
    }

    @Test
    void onlyTemplatesThatNodesAreMadeFromAreStored() {
        given(RICH + """
                        apiVersion: argoproj.io/v1alpha1
                        kind: Workflow
                        metadata: {name: wf}
                        spec:
                          entrypoint: main
                          templates:
                          - name: main
                            steps: [[{name: call, templateRef: {name: needy, template: main}}]]
                        ---
                        apiVersion: argoproj.io/v1alpha1
                        kind: WorkflowTemplate
                        metadata: {name: needy}
                        spec:
                          templates:
                          - name: main
                            inputs: {parameters: [{name: p}]}
                            container: {image: busybox}
                        """)
                .submitted()
                .then(
                        workflow(WorkflowPhase.FAILED),
                        scenario -> assertThat(scenario.run().status().storedTemplates())
                                .isEmpty());
    }

    @Test
    void containersShowTheScopeInWhichTheirPodWasCalled() {
        given("""
                apiVersion: argoproj.io/v1alpha1
                kind: WorkflowTemplate
                metadata: {name: sets}
                spec:
                  templates: [{name: set, containerSet: {containers: [{name: main, image: busybox}]}}]
                ---
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: wf}
                spec:
                  entrypoint: main
                  templates:
                  - name: main
                    steps: [[{name: call, templateRef: {name: sets, template: set}}]]
                """)
                .submitted()
                .then(node("main")
                        .satisfies(status -> assertThat(status.templateScope()).isEqualTo("local/wf")));
    }

    @Test
    void whatAWorkflowTemplateSaysOfItsPodsComesAlongWithItsTemplates() {
        given("""
                apiVersion: argoproj.io/v1alpha1
                kind: WorkflowTemplate
                metadata: {name: library}
                spec:
                  podMetadata: {labels: {a: library, b: library}, annotations: {c: library}}
                  templates:
                  - name: main
                    metadata: {labels: {b: template}}
                    container: {image: busybox}
                ---
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: wf}
                spec:
                  entrypoint: main
                  templates:
                  - name: main
                    steps: [[{name: call, templateRef: {name: library, template: main}}]]
                """).submitted().then(order("call", order -> {
            assertThat(order.template().metadata().labels()).isEqualTo(Map.of("a", "library", "b", "template"));
            assertThat(order.template().metadata().annotations()).isEqualTo(Map.of("c", "library"));
        }));
    }
}
