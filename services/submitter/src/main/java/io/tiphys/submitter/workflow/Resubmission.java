package io.tiphys.submitter.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/** Argo's rules for a workflow that is to run once more: which parts of the earlier one it takes over. */
final class Resubmission {
    private static final String PREFIX = "workflows.argoproj.io/";
    private static final Set<String> NOT_TAKEN_OVER = Set.of(
            PREFIX + "creator",
            PREFIX + "creator-email",
            PREFIX + "creator-preferred-username",
            PREFIX + "phase",
            PREFIX + "completed",
            PREFIX + "workflow-archiving-status",
            "tiphys.io/shard");

    private Resubmission() {}

    /** A new workflow with a generated name. */
    static ObjectNode of(WorkflowTree earlier, List<String> parameters) {
        ObjectNode workflow = copy(earlier, parameters);
        ObjectNode metadata = Submissions.child(workflow, "metadata");
        String generateName =
                earlier.json().path("metadata").path("generateName").asText("");
        metadata.put("generateName", generateName.isEmpty() ? earlier.name() + "-" : generateName);
        Submissions.child(metadata, "labels").put(PREFIX + "resubmitted-from-workflow", earlier.name());
        return workflow;
    }

    /** The same workflow once more, under its own name. */
    static ObjectNode again(WorkflowTree earlier, List<String> parameters) {
        ObjectNode workflow = copy(earlier, parameters);
        Submissions.child(workflow, "metadata").put("name", earlier.name());
        return workflow;
    }

    private static ObjectNode copy(WorkflowTree earlier, List<String> parameters) {
        ObjectNode workflow = JsonNodeFactory.instance.objectNode();
        JsonNode from = earlier.json().path("metadata");
        ObjectNode metadata = workflow.putObject("metadata");
        ObjectNode labels = metadata.putObject("labels");
        earlier.labels().forEach((key, value) -> {
            if (!NOT_TAKEN_OVER.contains(key)) {
                labels.put(key, value);
            }
        });
        for (String field : List.of("annotations", "ownerReferences")) {
            if (!from.path(field).isEmpty()) {
                metadata.set(field, from.path(field).deepCopy());
            }
        }
        if (metadata.path("annotations").isEmpty()) {
            metadata.remove("annotations");
        }
        ObjectNode spec = earlier.json().path("spec") instanceof ObjectNode present
                ? present.deepCopy()
                : JsonNodeFactory.instance.objectNode();
        spec.remove("shutdown");
        if (spec.path("activeDeadlineSeconds").asLong(-1) == 0) {
            spec.remove("activeDeadlineSeconds");
        }
        workflow.set("spec", spec);
        SubmitOptions.overrideParameters(workflow, parameters);
        return workflow;
    }
}
