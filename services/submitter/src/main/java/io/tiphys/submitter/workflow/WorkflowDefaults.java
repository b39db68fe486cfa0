package io.tiphys.submitter.workflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.engine.definition.SpecMerge;
import io.tiphys.submitter.config.InstanceConfig;
import jakarta.enterprise.context.ApplicationScoped;

/** Argo's {@code workflowDefaults}: the controller runs by them, so a manifest is right if it is right with them. */
@ApplicationScoped
class WorkflowDefaults {
    private final JsonNode spec;

    WorkflowDefaults(InstanceConfig config, ObjectMapper json) {
        try {
            this.spec = json.readTree(config.workflowDefaults().orElse("{}")).path("spec");
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "the setting tiphys.workflow-defaults is no JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** The workflow with the defaults below its spec; one that instantiates a template as it is. */
    ObjectNode under(ObjectNode workflow) {
        boolean isPlain = workflow.path("spec").isObject()
                && !workflow.path("spec").path("workflowTemplateRef").isObject();
        if (!isPlain || !(spec instanceof ObjectNode base) || !(workflow.path("spec") instanceof ObjectNode own)) {
            return workflow;
        }
        ObjectNode whole = workflow.deepCopy();
        whole.set("spec", SpecMerge.over(base, own));
        return whole;
    }
}
