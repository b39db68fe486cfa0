package io.tiphys.submitter.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.submitter.kube.ArgoKind;
import io.tiphys.submitter.rest.ApiException;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;

/** Refuses manifests that can't run, naming all problems at once. */
@ApplicationScoped
public class ManifestCheck {

    /** Does nothing if the manifest is right; otherwise refuses with every problem and its field path. */
    public void require(ArgoKind kind, String namespace, ObjectNode manifest) {
        List<String> problems = new ArrayList<>();
        JsonNode metadata = manifest.path("metadata");
        if (metadata.path("name").asText("").isEmpty()
                && metadata.path("generateName").asText("").isEmpty()) {
            problems.add("metadata.name: must be set (or metadata.generateName)");
        }
        if (!manifest.path("spec").isObject()) {
            problems.add("spec: must be set");
        }
        if (!problems.isEmpty()) {
            throw ApiException.invalid(String.join("; ", problems));
        }
    }
}
