package io.tiphys.submitter.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;

/** Argo's rules for a workflow that is to run again under a new name: which parts of the earlier one it takes over. */
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

    static ObjectNode of(WorkflowTree earlier, List<String> parameters) {
        ObjectNode workflow = JsonNodeFactory.instance.objectNode();
        JsonNode from = earlier.json().path("metadata");
        ObjectNode metadata = workflow.putObject("metadata");
        String generateName = from.path("generateName").asText("");
        metadata.put("generateName", generateName.isEmpty() ? earlier.name() + "-" : generateName);
        ObjectNode labels = metadata.putObject("labels");
        earlier.labels().forEach((key, value) -> {
            if (!NOT_TAKEN_OVER.contains(key)) {
                labels.put(key, value);
            }
        });
        labels.put(PREFIX + "resubmitted-from-workflow", earlier.name());
        if (!from.path("annotations").isEmpty()) {
            metadata.set("annotations", from.path("annotations").deepCopy());
        }
        if (!from.path("ownerReferences").isEmpty()) {
            metadata.set("ownerReferences", from.path("ownerReferences").deepCopy());
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
