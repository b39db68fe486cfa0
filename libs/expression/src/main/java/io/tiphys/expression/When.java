package io.tiphys.expression;

/** The condition {@code when} of a step or task, after its tags were rendered. */
public final class When {
    private When() {}

    /** Whether to run. */
    public sealed interface Verdict {
        record Decided(boolean run) implements Verdict {}

        /** Not a condition, or not a boolean one; the message is Argo's. */
        record Invalid(String message) implements Verdict {}
    }

    /** An empty condition holds. */
    public static Verdict evaluate(String when) {
        return WhenParser.evaluate(when);
    }
}
