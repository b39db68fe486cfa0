package io.tiphys.validation;

import io.tiphys.api.Manifests;
import java.util.List;

/** Lints texts, for tests. */
final class Linting {
    private Linting() {}

    static ValidationResult lint(String yaml) {
        return Validator.lint(Manifests.read(yaml), TemplateLookup.NONE);
    }

    static List<String> problems(String yaml) {
        return lint(yaml).problems().stream().map(Problem::toString).toList();
    }

    /** Problems of a workflow with the given spec, as {@code path: message}. */
    static List<String> problemsOfSpec(String spec) {
        return lint(workflow(spec)).problems().stream()
                .map(problem -> problem.path() + ": " + problem.message())
                .toList();
    }

    static List<String> warningsOfSpec(String spec) {
        return lint(workflow(spec)).warnings().stream()
                .map(problem -> problem.path() + ": " + problem.message())
                .toList();
    }

    static String workflow(String spec) {
        return "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {generateName: w-}\nspec:\n"
                + spec.indent(2);
    }

    /** Templates that tests call: one that takes a message, one that yields a parameter and an artifact. */
    static final String LEAVES = """
            - name: say
              inputs: {parameters: [{name: message}]}
              container: {image: alpine, args: ["{{inputs.parameters.message}}"]}
            - name: make
              script: {image: alpine, command: [sh], source: "echo 1 > /tmp/x"}
              outputs:
                parameters: [{name: x, valueFrom: {path: /tmp/x}}]
                artifacts: [{name: f, path: /tmp/f}]
            """;
}
