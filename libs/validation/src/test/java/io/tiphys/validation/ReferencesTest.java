package io.tiphys.validation;

import static io.tiphys.validation.Linting.LEAVES;
import static io.tiphys.validation.Linting.problemsOfSpec;
import static io.tiphys.validation.Linting.warningsOfSpec;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What texts may refer to, and where. */
class ReferencesTest {
    private static String steps(String steps) {
        return "entrypoint: main\narguments: {parameters: [{name: p, value: v}]}\ntemplates:\n- name: main\n  steps:\n"
                + steps.indent(2)
                + LEAVES;
    }

    private static String say(String name, String message) {
        return "- - {name: " + name + ", template: say, arguments: {parameters: [{name: message, value: '" + message
                + "'}]}}\n";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{workflow.name}}",
                "{{ workflow.parameters.p }}",
                "{{workflow.creationTimestamp.Y}}",
                "{{steps.a.outputs.parameters.x}}",
                "{{steps.a.outputs.result}}",
                "{{steps.a.status}}",
                "{{=steps.nowhere.outputs.result}}",
                "{{ .Values.helm }}",
                "{{unclosed"
            })
    void aStepMayReferToTheWorkflowAndEarlierSteps(String message) {
        assertThat(problemsOfSpec(steps("- - {name: a, template: make}\n" + say("b", message))))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{workflow.parameters.q}}",
                "{{workflow.failures}}",
                "{{steps.a.outputs.parameters.y}}",
                "{{steps.c.outputs.result}}",
                "{{inputs.parameters.message}}",
                "{{item.key}}"
            })
    void butNotToWhatIsNotThere(String message) {
        assertThat(problemsOfSpec(steps(
                        "- - {name: a, template: make}\n" + say("b", message) + "- - {name: c, template: make}\n")))
                .singleElement()
                .asString()
                .startsWith("spec.templates[0].steps[1][0].arguments.parameters[0].value: " + message
                        + " can't be resolved");
    }

    @Test
    void saysWhatIsKnownNearby() {
        assertThat(problemsOfSpec(
                        steps("- - {name: a, template: make}\n" + say("b", "{{steps.a.outputs.parameters.xx}}"))))
                .singleElement()
                .asString()
                .contains("; known: steps.a.outputs.parameters.x,");
    }

    @Test
    void stepsThatStartTogetherShouldNotReferToEachOther() {
        String group = "- - {name: a, template: make}\n  "
                + say("b", "{{steps.a.outputs.result}}").substring(2);

        assertThat(problemsOfSpec(steps(group))).isEmpty();
        assertThat(warningsOfSpec(steps(group))).singleElement().asString().contains("starts at the same time");
    }

    @Test
    void hooksShouldHaveTheirTemplate() {
        assertThat(warningsOfSpec(steps("- - {name: a, template: make, hooks: {exit: {template: tell}}}\n")))
                .containsExactly("spec.templates[0].steps[0][0].hooks.exit: template \"tell\" not found;"
                        + " known: main, make, say");
    }

    @Test
    void namesOfOutputsMayHaveVariables() {
        assertThat(problemsOfSpec("""
                                entrypoint: main
                                templates:
                                - name: main
                                  inputs: {parameters: [{name: a, value: x}]}
                                  container: {image: alpine}
                                  outputs: {artifacts: [{name: "r-{{inputs.parameters.a}}", path: /r}]}
                                """)).isEmpty();
    }

    @Test
    void aTemplateReportsEveryUnknownVariable() {
        assertThat(problemsOfSpec("""
                                entrypoint: main
                                templates:
                                - name: main
                                  inputs: {parameters: [{name: a, value: x}]}
                                  container: {image: "{{inputs.parameters.b}}", args: ["{{inputs.parameters.c}}", "{{pod.name}}"]}
                                """))
                .hasSize(2)
                .anyMatch(p -> p.startsWith("spec.templates[0].container.image: {{inputs.parameters.b}}"))
                .anyMatch(p -> p.startsWith("spec.templates[0].container.args[0]: {{inputs.parameters.c}}"));
    }

    @Test
    void aLoopKnowsItsItems() {
        assertThat(problemsOfSpec(steps("""
                                        - - name: a
                                            template: say
                                            withItems: [{k: 1}, {k: 2}]
                                            arguments: {parameters: [{name: message, value: "{{item.k}}"}]}
                                        - - name: b
                                            template: say
                                            withParam: "[]"
                                            arguments: {parameters: [{name: message, value: "{{item.whatever}}"}]}
                                        """))).isEmpty();
        assertThat(problemsOfSpec(steps("""
                                        - - name: a
                                            template: say
                                            withItems: [{k: 1}]
                                            arguments: {parameters: [{name: message, value: "{{item.j}}"}]}
                                        """))).hasSize(1);
    }

    @Test
    void onlyTheExitHandlerKnowsTheFailures() {
        String spec = """
                entrypoint: main
                onExit: tell
                templates:
                - {name: main, container: {image: alpine, args: ["{{workflow.status}}"]}}
                - {name: tell, container: {image: alpine, args: ["{{workflow.failures}}"]}}
                """;

        assertThat(problemsOfSpec(spec)).isEmpty();
        assertThat(problemsOfSpec(spec.replace("workflow.status", "workflow.failures")))
                .hasSize(1);
    }

    @Test
    void globalOutputsAreKnownEverywhere() {
        assertThat(problemsOfSpec("""
                                entrypoint: main
                                templates:
                                - name: main
                                  steps:
                                  - - {name: a, template: make}
                                  - - {name: b, template: read}
                                - name: make
                                  container: {image: alpine}
                                  outputs: {parameters: [{name: x, globalName: shared, valueFrom: {path: /x}}]}
                                - name: read
                                  container: {image: alpine, args: ["{{workflow.outputs.parameters.shared}}"]}
                                """)).isEmpty();
    }

    @Test
    void templatesMustExist() {
        assertThat(problemsOfSpec(steps("- - {name: a, template: mak}\n")))
                .containsExactly(
                        "spec.templates[0].steps[0][0].template: template \"mak\" not found; known: make, main, say");
        assertThat(problemsOfSpec("entrypoint: man\ntemplates: [{name: main, suspend: {}}]"))
                .containsExactly("spec.entrypoint: template \"man\" not found; known: main");
        assertThat(problemsOfSpec("templates: [{name: main, suspend: {}}]"))
                .containsExactly("spec.entrypoint: is required; known: main");
        assertThat(problemsOfSpec(steps("- - {name: a}\n")))
                .containsExactly("spec.templates[0].steps[0][0]: needs one of template, templateRef and inline");
    }

    @Test
    void whatATemplateTakesMustBeSupplied() {
        assertThat(problemsOfSpec(steps("- - {name: a, template: say}\n")))
                .containsExactly(
                        "spec.templates[0].steps[0][0]: parameter \"message\" of template \"say\" is not supplied"
                                + " and has no default");
        assertThat(warningsOfSpec(
                        steps("- - {name: a, template: make, arguments: {parameters: [{name: z, value: 1}]}}\n")))
                .containsExactly(
                        "spec.templates[0].steps[0][0].arguments: template \"make\" doesn't take a parameter \"z\"");
    }
}
