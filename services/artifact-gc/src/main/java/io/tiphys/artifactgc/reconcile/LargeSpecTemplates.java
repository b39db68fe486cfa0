package io.tiphys.artifactgc.reconcile;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.api.ApiJson;
import io.tiphys.api.LargeSpec;
import io.tiphys.api.Template;
import io.tiphys.api.Workflow;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/**
 * The templates of specs that are too large for their object ({@link LargeSpec}), from the archive: names, metadata and artifacts,
 * which is what deletion goes by. Of the rest nothing is kept, however large it is.
 */
final class LargeSpecTemplates {
    private static final Set<String> KEPT = Set.of("name", "metadata", "inputs", "outputs");

    private final Archive archive;

    LargeSpecTemplates(Archive archive) {
        this.archive = archive;
    }

    /**
     * The workflow with its templates; as it is if it has them, or if the archive knows its spec no more.
     *
     * @throws GcFailedException if the archive can't be asked: what a template keeps must not be deleted
     */
    Workflow complete(Workflow workflow) {
        Optional<String> hash = LargeSpec.hash(workflow);
        if (hash.isEmpty()) {
            return workflow;
        }
        String namespace = workflow.getMetadata().getNamespace();
        return archive.read(
                        "the spec of workflow %s/%s"
                                .formatted(namespace, workflow.getMetadata().getName()),
                        Archive.blob(namespace, hash.get()),
                        body -> read(new GZIPInputStream(body)))
                .map(templates -> workflow.withSpec(workflow.getSpec().withTemplates(templates)))
                .orElse(workflow);
    }

    private static List<Template> read(InputStream spec) throws IOException {
        List<Template> templates = new ArrayList<>();
        try (JsonParser parser = ApiJson.mapper().getFactory().createParser(spec)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean wanted = parser.currentName().equals("templates");
                if (parser.nextToken() == JsonToken.START_ARRAY && wanted) {
                    while (parser.nextToken() == JsonToken.START_OBJECT) {
                        templates.add(template(parser));
                    }
                } else {
                    parser.skipChildren();
                }
            }
        }
        return templates;
    }

    private static Template template(JsonParser parser) throws IOException {
        ObjectNode kept = ApiJson.mapper().createObjectNode();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            if (KEPT.contains(field)) {
                kept.set(field, ApiJson.mapper().readTree(parser));
            } else {
                parser.skipChildren();
            }
        }
        return ApiJson.mapper().treeToValue(kept, Template.class);
    }
}
