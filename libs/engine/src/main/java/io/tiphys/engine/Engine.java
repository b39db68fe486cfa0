package io.tiphys.engine;

import java.time.Instant;

/** The state machine of a workflow. Stateless; everything it needs comes with its arguments. */
public final class Engine {
    private Engine() {}

    /** Decides what an input means, one step deep; changes nothing. */
    public static Decision decide(Run run, Input input) {
        return Decision.NOTHING;
    }

    /** Applies a fact. Never decides, so that a replay can't disagree. */
    public static void evolve(Run run, Event event) {
    }

    /** Decides and applies an input and all that follows from it. */
    public static Transition step(Run run, Input input) {
        return new Transition(java.util.List.of(), java.util.List.of(), java.util.List.of(), java.util.List.of(), false);
    }

    /** After {@link Run#restore}: what a lost tail of the journal would have held is decided anew. */
    public static Transition resume(Run run, Instant at) {
        return new Transition(java.util.List.of(), java.util.List.of(), java.util.List.of(), java.util.List.of(), false);
    }
}
