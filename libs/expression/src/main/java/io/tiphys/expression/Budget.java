package io.tiphys.expression;

/** What one evaluation may cost at most; keeps hostile expressions from holding up a workflow. */
final class Budget {
    private static final int MAX_STEPS = 5_000_000;
    private static final long MAX_SIZE = 16 << 20;

    /** What an element of a list or map counts, in characters. */
    private static final int ELEMENT = 16;

    private int steps = MAX_STEPS;
    private long size = MAX_SIZE;

    /** How many steps are left: another number at each call. */
    int position() {
        return steps;
    }

    void step() {
        if (--steps < 0) {
            throw new ExprProblem("the expression takes more than " + MAX_STEPS + " steps");
        }
    }

    /** Counts characters that come into being. */
    void characters(long count) {
        size -= count;
        if (size < 0 || count < 0) {
            throw new ExprProblem("memory budget exceeded");
        }
    }

    /** Counts elements of lists and maps that come into being. */
    void elements(long count) {
        characters(count > MAX_SIZE ? MAX_SIZE + 1 : count * ELEMENT);
    }
}
