package io.tiphys.conformance.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.api.Manifest;
import io.tiphys.api.Manifests;
import io.tiphys.conformance.suite.Configuration;
import io.tiphys.conformance.suite.ConformanceCase;
import io.tiphys.engine.definition.SpecMerge;
import java.util.List;
import java.util.Optional;

/** What a controller makes of workflows by its configuration, where there is none: Argo's {@code workflowDefaults}. */
final class ConfiguredDocuments {
    private ConfiguredDocuments() {}

    /**
     * The documents with the defaults below them: below the spec of a workflow, or of the template that it instantiates. The
     * configuration itself is none of them.
     */
    static List<Manifest> of(ConformanceCase wanted, List<Manifest> documents) {
        Configuration configuration = Configuration.of(wanted, documents);
        List<Manifest> own = documents.stream()
                .filter(document -> !Configuration.isOne(document))
                .toList();
        String text = configuration.data().get("workflowDefaults");
        if (text == null) {
            return own;
        }
        JsonNode defaults = Manifests.read(text).getFirst().tree();
        Optional<String> instantiated = own.stream()
                .filter(document -> document.kind().equals("Workflow"))
                .map(document -> document.tree()
                        .path("spec")
                        .path("workflowTemplateRef")
                        .path("name")
                        .asText(""))
                .reduce((_, last) -> last)
                .filter(name -> !name.isEmpty());
        return own.stream()
                .map(document -> under(document, defaults, instantiated))
                .toList();
    }

    private static Manifest under(Manifest document, JsonNode defaults, Optional<String> instantiated) {
        boolean isWorkflow = document.kind().equals("Workflow");
        boolean hasSpec = isWorkflow ? instantiated.isEmpty() : instantiated.equals(Optional.of(document.name()));
        ObjectNode whole = document.tree().deepCopy();
        if (isWorkflow) {
            lay(whole.withObjectProperty("metadata"), "labels", defaults);
            lay(whole.withObjectProperty("metadata"), "annotations", defaults);
        }
        if (hasSpec && defaults.path("spec") instanceof ObjectNode base) {
            whole.set("spec", SpecMerge.over(base, whole.withObjectProperty("spec")));
        }
        return Manifest.of(whole);
    }

    private static void lay(ObjectNode metadata, String field, JsonNode defaults) {
        if (defaults.path("metadata").path(field) instanceof ObjectNode base) {
            metadata.set(field, SpecMerge.over(base, metadata.withObjectProperty(field)));
        }
    }
}
