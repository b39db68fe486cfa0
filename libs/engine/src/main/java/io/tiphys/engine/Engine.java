package io.tiphys.engine;

import java.time.Instant;

/** The state machine of a workflow. Stateless; everything it needs comes with its arguments. */
public final class Engine {
    private Engine() {}

    /** Decides what an input means, one step deep; changes nothing. */
    public static Decision decide(Run run, Input input) {
        throw new UnsupportedOperationException();
    }

    /** Applies a fact. Never decides, so that a replay can't disagree. */
    public static void evolve(Run run, Event event) {
        throw new UnsupportedOperationException();
    }

    /** Decides and applies an input and all that follows from it. */
    public static Transition step(Run run, Input input) {
        throw new UnsupportedOperationException();
    }

    /** After {@link Run#restore}: what a lost tail of the journal would have held is decided anew. */
    public static Transition resume(Run run, Instant at) {
        throw new UnsupportedOperationException();
    }
}
