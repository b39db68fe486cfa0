package io.tiphys.scenarios;

import static io.tiphys.testkit.Expect.node;
import static io.tiphys.testkit.Expect.order;
import static io.tiphys.testkit.Expect.workflow;
import static io.tiphys.testkit.Scenario.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.api.WorkflowPhase;
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
}
