package io.tiphys.validation;

import static io.tiphys.validation.Linting.problems;
import static io.tiphys.validation.Linting.problemsOfSpec;
import static io.tiphys.validation.Linting.warningsOfSpec;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldRulesTest {
    @Test
    void reportsAllUnknownFieldsWithLinesAndTheLikelyName() {
        assertThat(problems("""
                                apiVersion: argoproj.io/v1alpha1
                                kind: Workflow
                                metadata: {name: a}
                                spec:
                                  entrypint: main
                                  templates:
                                  - name: main
                                    containre: {image: x}
                                    container:
                                      image: x
                                      imagePolicy: Always
                                """))
                .contains(
                        "line 5: spec.entrypint: unknown field; did you mean entrypoint?",
                        "line 8: spec.templates[0].containre: unknown field; did you mean container?")
                .anyMatch(problem ->
                        problem.startsWith("line 11: spec.templates[0].container.imagePolicy: unknown field"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "entrypoint: 3|spec.entrypoint: is the number 3, must be text (in quotes)",
                "templates: {}|spec.templates: is an object, must be a list",
                "suspend: 'true'|spec.suspend: is the text \"true\", must be true or false",
                "parallelism: 1.5|spec.parallelism: is the number 1.5, must be a whole number",
                "nodeSelector: [a]|spec.nodeSelector: is a list, must be an object",
                "retryStrategy: {limit: true}|spec.retryStrategy.limit: is true, must be a whole number or text",
            })
    void reportsWrongTypes(String spec, String problem) {
        assertThat(problemsOfSpec(spec)).containsExactly(problem);
    }

    @Test
    void parametersMayHaveAnyValueAndNullFitsEverything() {
        assertThat(problemsOfSpec("""
                                entrypoint: main
                                activeDeadlineSeconds: null
                                arguments: {parameters: [{name: a, value: 1}, {name: b, value: true}, {name: c, value: 1.5}]}
                                templates: [{name: main, suspend: {}}]
                                """)).isEmpty();
    }

    @Test
    void reportsKeysGivenTwice() {
        assertThat(problemsOfSpec("entrypoint: a\nentrypoint: main\ntemplates: [{name: main, suspend: {}}]"))
                .containsExactly("spec.entrypoint: is given more than once");
    }

    @Test
    void unknownFieldsDeepInAStepAreWarningsAsArgoPassesThemOver() {
        String spec = """
                entrypoint: main
                templates:
                - name: main
                  steps: [[{name: a, template: wait, continueOn: {fialed: true}}]]
                - {name: wait, suspend: {}}
                """;

        assertThat(problemsOfSpec(spec)).isEmpty();
        assertThat(warningsOfSpec(spec))
                .containsExactly(
                        "spec.templates[0].steps[0][0].continueOn.fialed: unknown field; did you mean failed?");
    }

    @Test
    void reportsOtherKindsAndVersions() {
        assertThat(problems("apiVersion: argoproj.io/v1alpha1\nkind: Workflw\n"))
                .singleElement()
                .asString()
                .contains("\"Workflw\" is unknown; known: Workflow");
        assertThat(
                        problems(
                                "apiVersion: argoproj.io/v1\nkind: Workflow\nspec: {entrypoint: a, templates: [{name: a, suspend: {}}]}"))
                .containsExactly("line 1: apiVersion: is \"argoproj.io/v1\", must be argoproj.io/v1alpha1");
        assertThat(Linting.lint("apiVersion: v1\nkind: ConfigMap\n")).satisfies(result -> {
            assertThat(result.ok()).isTrue();
            assertThat(result.warnings()).hasSize(1);
        });
    }

    @Test
    void nullInAListIsAnEmptyObject() {
        assertThat(problemsOfSpec("entrypoint: main\ntemplates:\n- {name: main, suspend: {}}\n-\n"))
                .anyMatch(problem -> problem.startsWith("spec.templates[1].name: "));
        assertThat(problemsOfSpec("""
                entrypoint: main
                templates:
                - {name: main, dag: {tasks: [{name: a, template: wait}, null]}}
                - {name: wait, suspend: {}}
                """))
                .anyMatch(problem -> problem.startsWith("spec.templates[0].dag.tasks[1].name: "));
    }

    @Test
    void tagsInUnknownFieldsAreNotLookedAt() {
        assertThat(problemsOfSpec("""
                entrypoint: main
                templates:
                - name: main
                  steps: [[{name: a, template: wait, arguments: {parameters: [{name: p, value: x, more: "{{pod.name}}"}]}}]]
                - {name: wait, inputs: {parameters: [{name: p}]}, suspend: {}}
                """)).isEmpty();
    }

    @Test
    void reportsQuantitiesThatAreNone() {
        assertThat(problemsOfSpec("""
                entrypoint: main
                templates: [{name: main, suspend: {}}]
                volumeClaimTemplates:
                - metadata: {name: v}
                  spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1 GiB, other: 1Gi, third: 1e3, small: .5m}}}
                """))
                .containsExactly("spec.volumeClaimTemplates[0].spec.resources.requests.storage: "
                        + "is the text \"1 GiB\", must be a quantity such as 100m or 2Gi");
    }

    @Test
    void aPluginHasOneKey() {
        assertThat(problemsOfSpec("entrypoint: main\ntemplates: [{name: main, plugin: {a: {}, b: {}}}]"))
                .containsExactly("spec.templates[0].plugin: has 2 keys, must have exactly one: the plugin's name");
    }

    @Test
    void tagsOfStepsMustBeClosed() {
        assertThat(problemsOfSpec("""
                entrypoint: main
                templates:
                - name: main
                  steps: [[{name: a, template: wait, withParam: "[1]{{"}]]
                - {name: wait, suspend: {}}
                """)).containsExactly("spec.templates[0].steps[0][0]: there is a {{ without its }}");
    }
}
