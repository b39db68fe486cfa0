package io.tiphys.validation;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What was found, in the order of the documents and, within one, of its parts.
 *
 * @param problems what keeps it from being accepted
 * @param warnings what Argo lets pass though it will hardly do what was meant
 */
public record ValidationResult(List<Problem> problems, List<Problem> warnings) {
    /** Nothing found. */
    public static final ValidationResult OK = new ValidationResult(List.of(), List.of());

    public ValidationResult {
        problems = List.copyOf(problems);
        warnings = List.copyOf(warnings);
    }

    /** Whether it is accepted. */
    public boolean ok() {
        return problems.isEmpty();
    }

    /** All problems as one text, for a response or a workflow's message. */
    public String message() {
        return problems.stream().map(Problem::toString).collect(Collectors.joining("; "));
    }
}
