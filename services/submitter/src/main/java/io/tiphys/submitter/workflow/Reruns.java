package io.tiphys.submitter.workflow;

import io.tiphys.api.selector.NodeFieldSelector;
import io.tiphys.submitter.rest.ApiException;
import io.tiphys.submitter.rest.ApiException.Code;

/** What must be so before nodes are run again, resumed or set; refused here with Argo's words, since controllers can't answer. */
final class Reruns {
    private Reruns() {}

    /** Refuses to retry what runs, and what succeeded unless nodes are named that are to run again. */
    static void requireRetryable(WorkflowTree workflow, boolean restartSuccessful, String nodeFieldSelector) {
        switch (workflow.phase()) {
            case "Failed", "Error" -> {}
            case "Succeeded" -> {
                if (!restartSuccessful || nodeFieldSelector.isEmpty()) {
                    throw new ApiException(
                            Code.INTERNAL,
                            "To retry a succeeded workflow, set the options restartSuccessful and nodeFieldSelector");
                }
            }
            default ->
                throw new ApiException(
                        Code.INTERNAL,
                        "workflow must be Failed/Error to retry; \"" + workflow.name() + "\" is "
                                + (workflow.phase().isEmpty() ? "not started" : workflow.phase()));
        }
    }

    /** The parsed selector, or a refusal that says what is wrong with it. */
    static NodeFieldSelector selector(String text) {
        try {
            return NodeFieldSelector.parse(text);
        } catch (IllegalArgumentException e) {
            throw ApiException.invalid("nodeFieldSelector: " + e.getMessage());
        }
    }
}
