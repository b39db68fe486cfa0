package io.tiphys.validation;

/** What a reference to a template leads to. */
sealed interface Resolution permits Resolution.Missing, Resolution.Dynamic, ResolvedTemplate {
    /** Nothing. The path is the field that is wrong. */
    record Missing(String path, String message) implements Resolution {}

    /** Known only when it runs: the name has tags. */
    record Dynamic() implements Resolution {}
}
