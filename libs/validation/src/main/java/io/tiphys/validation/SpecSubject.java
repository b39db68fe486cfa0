package io.tiphys.validation;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.tiphys.api.WorkflowSpec;

/**
 * A workflow spec to be checked, and what matters of the object around it.
 *
 * @param kind the kind of the object
 * @param metadata of the object, or of the workflows made from it
 * @param tree the JSON of the spec
 * @param path where the spec stands
 * @param isTemplate whether it needs no entrypoint and is given its arguments later
 * @param valuesMayBeMissing whether arguments need no values yet
 */
record SpecSubject(
        String kind,
        String namespace,
        ObjectMeta metadata,
        WorkflowSpec spec,
        JsonNode tree,
        String path,
        boolean isTemplate,
        boolean clusterScoped,
        boolean valuesMayBeMissing) {}
