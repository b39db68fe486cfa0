package io.tiphys.submitter.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.api.selector.NodeFieldSelector;
import io.tiphys.submitter.rest.ApiException;
import io.tiphys.submitter.rest.ApiException.Code;
import java.util.List;

/** What must be so before nodes are run again, resumed or set; refused here with Argo's words, since controllers can't answer. */
final class Reruns {
    private Reruns() {}

    /** Refuses what a retry of a workflow that still runs can't be: of everything, or with other parameters. */
    static void requireChosen(WorkflowTree workflow, String nodeFieldSelector, List<String> parameters) {
        if (nodeFieldSelector.isEmpty()) {
            throw new ApiException(
                    Code.INTERNAL,
                    "workflow must be Failed/Error to retry; \"" + workflow.name() + "\" is "
                            + (workflow.phase().isEmpty() ? "not started" : workflow.phase())
                            + ": name the nodes that are to run again with nodeFieldSelector");
        }
        if (!parameters.isEmpty()) {
            throw ApiException.invalid("parameters: can't be changed while the workflow runs");
        }
    }

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

    /** Argo: what a user ended the workflow by must not end it again. Adds to a merge patch what takes it back. */
    static void forgetEnd(WorkflowTree workflow, ObjectNode patch) {
        JsonNode spec = workflow.json().path("spec");
        if (!spec.path("shutdown").asText("").isEmpty()) {
            patch.withObject("/spec").putNull("shutdown");
        }
        if (spec.path("activeDeadlineSeconds").asLong(-1) == 0) {
            patch.withObject("/spec").putNull("activeDeadlineSeconds");
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
