package io.tiphys.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.api.Manifests;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowSpec;
import io.tiphys.engine.definition.References;
import io.tiphys.testkit.Documents;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What has to be fetched before a workflow can run. */
class ReferencesTest {
    private static Workflow workflow(String below) {
        String yaml = "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {name: wf}\n" + below;
        return Documents.of(Manifests.read(yaml)).workflows().getLast();
    }

    private static WorkflowSpec spec(String yaml) {
        return workflow("spec:\n" + yaml.indent(2)).getSpec();
    }

    private static final Workflow EVERYWHERE = workflow("""
            spec:
              entrypoint: main
              hooks: {exit: {templateRef: {name: of-workflow-hook, template: t}}}
              templateDefaults: {steps: [[{name: d, templateRef: {name: of-defaults, template: t}}]]}
              templates:
              - name: main
                steps:
                - - name: a
                    templateRef: {name: of-step, template: t}
                    hooks: {running: {expression: "true", templateRef: {name: of-step-hook, template: t}}}
                  - name: b
                    inline: {steps: [[{name: c, templateRef: {name: of-inline-step, template: t}}]]}
              - name: other
                dag:
                  tasks:
                  - name: a
                    templateRef: {name: of-task, template: t, clusterScope: true}
                    hooks: {exit: {templateRef: {name: of-task-hook, template: t}}}
                  - name: b
                    inline: {dag: {tasks: [{name: c, templateRef: {name: of-inline-task, template: t}}]}}
                  - {name: c, templateRef: {name: "of-{{workflow.name}}", template: t}}
            """);

    @Test
    void referencesAreFoundWhereverTheyStand() {
        assertThat(References.NONE.missing(EVERYWHERE))
                .containsExactlyInAnyOrder(
                        new References.Key("of-workflow-hook", false),
                        new References.Key("of-defaults", false),
                        new References.Key("of-step", false),
                        new References.Key("of-step-hook", false),
                        new References.Key("of-inline-step", false),
                        new References.Key("of-task", true),
                        new References.Key("of-task-hook", false),
                        new References.Key("of-inline-task", false));
        assertThat(References.NONE.patterns(EVERYWHERE))
                .containsExactly(new References.Key("of-{{workflow.name}}", false));
    }

    @Test
    void whatIsHereIsSearchedForMore() {
        Workflow workflow = workflow("spec: {workflowTemplateRef: {name: first}}\n");
        assertThat(References.NONE.missing(workflow)).containsExactly(new References.Key("first", false));

        WorkflowSpec first = spec("""
                entrypoint: main
                templates:
                - name: main
                  steps: [[{name: a, templateRef: {name: second, template: t, clusterScope: true}}, {name: b, templateRef: {name: first, template: main}}]]
                """);
        References some = new References(Map.of(new References.Key("first", false), first), Map.of());
        assertThat(some.missing(workflow)).containsExactly(new References.Key("second", true));

        References all = new References(
                Map.of(
                        new References.Key("first", false),
                        first,
                        new References.Key("second", true),
                        spec("templates: [{name: t}]\n")),
                Map.of());
        assertThat(all.missing(workflow)).isEmpty();
        assertThat(all.patterns(workflow)).isEmpty();
    }

    @Test
    void namesWithTagsMayMeanWhatFitsAroundTheTags() {
        References.Key key = new References.Key("pre-{{workflow.name}}-mid-{{=1 + 1}}.end", false);
        assertThat(key.mayMean("pre-x-mid-2.end")).isTrue();
        assertThat(key.mayMean("pre--mid-.end")).isTrue();
        assertThat(key.mayMean("x-pre-x-mid-2.end")).isFalse();
        assertThat(key.mayMean("pre-x-mid-2.end.not")).isFalse();
        assertThat(key.mayMean("pre-x-2.end")).isFalse();
    }

    @Test
    void configMapsOfArgumentsAndInputsAreNamed() {
        Workflow workflow = workflow("""
                spec:
                  entrypoint: main
                  arguments: {parameters: [{name: a, valueFrom: {configMapKeyRef: {name: of-arguments, key: k}}}, {name: b, value: x}]}
                  templates:
                  - name: main
                    inputs: {parameters: [{name: i, valueFrom: {configMapKeyRef: {name: of-inputs, key: k}}}, {name: j, valueFrom: {default: x}}]}
                    container: {image: busybox}
                """);
        WorkflowSpec shared = spec(
                "arguments: {parameters: [{name: c, valueFrom: {configMapKeyRef: {name: of-template, key: k}}}]}\n");
        References references = new References(Map.of(new References.Key("shared", false), shared), Map.of());
        assertThat(references.configMapNames(workflow))
                .containsExactlyInAnyOrder("of-arguments", "of-inputs", "of-template");
    }

    @Test
    void whatTheStatusHasKeptCountsOverWhatIsThereNow() {
        Workflow workflow = workflow("""
                spec: {workflowTemplateRef: {name: whole}}
                status:
                  storedWorkflowTemplateSpec: {entrypoint: kept}
                  storedTemplates:
                    namespaced/lib/work: {name: work, container: {image: kept}}
                    cluster/lib/work: {name: work, container: {image: kept-by-cluster}}
                    local//main: {name: main, container: {image: own}}
                """);
        References now = new References(
                Map.of(
                        new References.Key("lib", false),
                        spec(
                                "templates: [{name: work, container: {image: changed}}, {name: more, container: {image: new}}]\n"),
                        new References.Key("whole", false),
                        spec("entrypoint: changed\n")),
                Map.of("map", Map.of("k", "v")));

        References frozen = now.frozenBy(workflow);

        assertThat(frozen.template(new References.Key("whole", false)).entrypoint())
                .isEqualTo("kept");
        assertThat(frozen.template(new References.Key("lib", false)).templates())
                .extracting(
                        template -> template.name() + " " + template.container().getImage())
                .containsExactly("work kept", "work changed", "more new");
        assertThat(frozen.template(new References.Key("lib", true)).templates())
                .extracting(template -> template.container().getImage())
                .containsExactly("kept-by-cluster");
        assertThat(frozen.templates()).hasSize(3);
        assertThat(frozen.configMaps()).isEqualTo(now.configMaps());
    }
}
