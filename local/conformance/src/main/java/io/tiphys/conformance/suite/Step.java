package io.tiphys.conformance.suite;

import java.util.Map;

/** One thing that a client does to a workflow meanwhile. */
public sealed interface Step {
    /** Before all else: arguments that the submission gives. */
    record Submit(Map<String, String> parameters) implements Step {
        public Submit {
            parameters = Map.copyOf(parameters);
        }
    }

    /** Suspend nodes that match go on, and the workflow if it is paused; an empty selector means all. */
    record Resume(String selector) implements Step {}

    /** The workflow is paused. */
    record Suspend() implements Step {}

    /** The workflow ends with its exit handlers; with a selector, suspend nodes that match fail with the message. */
    record Stop(String selector, String message) implements Step {}

    /** The workflow ends at once. */
    record Terminate() implements Step {}

    /** Outputs of suspend nodes that match. */
    record SetOutputs(String selector, Map<String, String> parameters) implements Step {
        public SetOutputs {
            parameters = Map.copyOf(parameters);
        }
    }

    /** The workflow, when it is over, runs again from where it failed. */
    record Retry() implements Step {}

    /** Nothing more is done until this is so. */
    record Await(Moment moment) implements Step {}

    /** What can be waited for. */
    enum Moment {
        /** Some pod runs. */
        POD_RUNS,
        /** The entry node has succeeded. */
        MAIN_SUCCEEDED,
        /** The workflow is over. */
        OVER
    }

    /** Whether the step makes no sense before a suspend node, or the workflow as a whole, waits for somebody. */
    default boolean wantsSomebodyToWait() {
        return switch (this) {
            case Resume _, SetOutputs _ -> true;
            case Stop(var selector, var _) -> !selector.isEmpty();
            case Submit _, Suspend _, Terminate _, Retry _, Await _ -> false;
        };
    }
}
