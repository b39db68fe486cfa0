package io.tiphys.expression;

/** Why a {@code when} condition can't be read or decided. */
final class WhenProblem extends Exception {
    private final String reason;

    WhenProblem(String reason) {
        super(reason, null, false, false);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
