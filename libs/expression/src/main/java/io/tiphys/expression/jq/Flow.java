package io.tiphys.expression.jq;

/** Leaves a filter from within: {@code break}, {@code limit}, the errors of others on their way past a {@code try}. */
sealed class Flow extends RuntimeException {
    private Flow() {
        super("left on purpose", null, false, false);
    }

    /** To the label that made it. */
    static final class Break extends Flow {}

    /** An error from further on, which this {@code try} has to let pass. */
    static final class Passing extends Flow {
        private final JqError error;

        Passing(JqError error) {
            this.error = error;
        }

        JqError error() {
            return error;
        }
    }

    /** The filter costs too much; nobody catches it. */
    static final class Exhausted extends Flow {}
}
