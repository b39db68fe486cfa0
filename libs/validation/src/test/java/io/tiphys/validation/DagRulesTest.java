package io.tiphys.validation;

import static io.tiphys.validation.Linting.LEAVES;
import static io.tiphys.validation.Linting.problemsOfSpec;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DagRulesTest {
    private static String dag(String tasks) {
        return "entrypoint: main\ntemplates:\n- name: main\n  dag:\n    tasks:\n" + tasks.indent(4) + LEAVES;
    }

    @Test
    void acceptsDependsInBothForms() {
        assertThat(problemsOfSpec(dag("""
                                        - {name: a, template: make}
                                        - {name: b, template: make, withItems: [1, 2], depends: a}
                                        - {name: c, template: make, depends: "a.Succeeded && (b.AnySucceeded || !a.Failed)"}
                                        """))).isEmpty();
        assertThat(problemsOfSpec(dag("- {name: a, template: make}\n- {name: b, template: make, dependencies: [a]}\n")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "depends: x|depends: task \"x\" not found; known: a, b",
                "dependencies: [x]|dependencies: task \"x\" not found; known: a, b",
                "depends: a.AnySucceeded|depends: AnySucceeded and AllFailed need a loop",
                "depends: 'a &&'|depends: \"a &&\":",
                "depends: a.Suceeded|depends: \"a.Suceeded\":",
            })
    void reportsWhatCannotBeDependedOn(String field, String problem) {
        assertThat(problemsOfSpec(dag("- {name: a, template: make}\n- {name: b, template: make, " + field + "}\n")))
                .singleElement()
                .asString()
                .startsWith("spec.templates[0].dag.tasks[1]." + problem);
    }

    @Test
    void namesAndConditionsMayHoldTagsThatMeanSomething() {
        String spec = """
                entrypoint: main
                arguments: {parameters: [{name: p, value: v}]}
                templates:
                - name: main
                  dag:
                    tasks:
                    - {name: "a-{{workflow.parameters.p}}", template: make}
                    - {name: b, template: make, depends: "%s.Succeeded", when: "{{tasks.a-v.outputs.result}} == x"}
                """;
        assertThat(problemsOfSpec(spec.formatted("a-{{workflow.parameters.p}}") + LEAVES))
                .isEmpty();
        assertThat(problemsOfSpec(spec.formatted("a-{{workflow.parameters.q}}") + LEAVES))
                .singleElement()
                .asString()
                .contains("tasks[1].depends", "workflow.parameters.q");
        assertThat(problemsOfSpec(dag("- {name: \"a-{{item}}\", template: make}\n")))
                .anyMatch(problem -> problem.contains("tasks[0].name"));
    }

    @Test
    void reportsCycles() {
        assertThat(problemsOfSpec(dag("""
                                        - {name: a, template: make, depends: c}
                                        - {name: b, template: make, depends: a}
                                        - {name: c, template: make, depends: b}
                                        """)))
                .containsExactly("spec.templates[0].dag.tasks: depend on each other: a -> c -> b -> a");
    }

    @Test
    void dependsGoesWithNeitherDependenciesNorContinueOnNorDigits() {
        assertThat(problemsOfSpec(dag("""
                                        - {name: 1a, template: make}
                                        - {name: b, template: make, depends: b2, continueOn: {failed: true}}
                                        - {name: b2, template: make, dependencies: [1a]}
                                        """)))
                .hasSize(3)
                .anyMatch(p -> p.contains("tasks[0].name: \"1a\" can't start with a digit"))
                .anyMatch(p -> p.contains("tasks[1].continueOn: can't be used"))
                .anyMatch(p -> p.contains("tasks[2].dependencies: can't be used"));
    }

    @Test
    void aTaskTakesOutputsOnlyFromWhatItDependsOn() {
        String tasks = """
                - {name: a, template: make}
                - {name: b, template: make, depends: a}
                - name: c
                  template: say
                  depends: b
                  arguments: {parameters: [{name: message, value: "{{tasks.a.outputs.result}}"}]}
                """;

        assertThat(problemsOfSpec(dag(tasks))).isEmpty();
        assertThat(problemsOfSpec(dag(tasks.replace("  depends: b\n", ""))))
                .containsExactly(
                        "spec.templates[0].dag.tasks[2].arguments.parameters[0].value: refers to task \"a\", on"
                                + " which the task doesn't depend; there are none");
    }

    @Test
    void targetsMustExist() {
        String spec = dag("- {name: a, template: make}\n").replace("  dag:\n", "  dag:\n    target: a z\n");

        assertThat(problemsOfSpec(spec))
                .containsExactly("spec.templates[0].dag.target: task \"z\" not found; known: a");
    }

    @Test
    void longChainsAreNoTrouble() {
        var tasks = new StringBuilder("- {name: t0, template: make}\n");
        for (int i = 1; i < 3000; i++) {
            tasks.append("- {name: t%d, template: make, depends: t%d}\n".formatted(i, i - 1));
        }

        assertThat(problemsOfSpec(dag(tasks.toString()))).isEmpty();
        assertThat(problemsOfSpec(dag(tasks.toString().replace("template: make", "template: nope"))))
                .hasSize(500)
                .last()
                .isEqualTo(": there are more problems than are shown");
    }
}
