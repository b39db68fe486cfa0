package io.tiphys.controller.shard;

import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.api.ApiJson;
import io.tiphys.api.ArtifactRepository;
import io.tiphys.api.ArtifactRepositoryRefStatus;
import io.tiphys.api.PackedJson;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowSpec;
import io.tiphys.api.WorkflowStatus;
import io.tiphys.engine.EngineSettings;
import io.tiphys.engine.definition.Estimates;
import io.tiphys.engine.definition.References;
import io.tiphys.engine.definition.WorkflowDefinition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A workflow and all that it refers to, frozen when it starts; journaled, so that a later change of a template or a
 * ConfigMap doesn't reach a run that goes on elsewhere.
 *
 * @param workflow as it was when it started, without status, with the operator's defaults
 * @param estimates how long its like took; null for nothing known
 */
public record Definition(
        Workflow workflow,
        List<TemplateEntry> templates,
        Map<String, Map<String, String>> configMaps,
        ArtifactRepository repository,
        @Nullable ArtifactRepositoryRefStatus repositoryRef,
        @Nullable Estimates estimates) {

    private static final int LARGE = 512 * 1024;
    private static final String HASH = "hash";
    private static final String PACKED = "packed";

    public record TemplateEntry(String name, boolean clusterScope, WorkflowSpec spec) {}

    public static Definition of(
            Workflow workflow,
            References references,
            ArtifactRepository repository,
            @Nullable ArtifactRepositoryRefStatus repositoryRef) {
        List<TemplateEntry> entries = new ArrayList<>();
        references
                .templates()
                .forEach((key, spec) -> entries.add(new TemplateEntry(key.name(), key.clusterScope(), spec)));
        return new Definition(
                workflow.withStatus(WorkflowStatus.NONE),
                List.copyOf(entries),
                references.configMaps(),
                repository,
                repositoryRef,
                null);
    }

    Definition with(Estimates known) {
        return new Definition(
                workflow,
                templates,
                configMaps,
                repository,
                repositoryRef,
                known.equals(Estimates.NONE) ? null : known);
    }

    References references() {
        Map<References.Key, WorkflowSpec> specs = new HashMap<>();
        templates.forEach(entry -> specs.put(new References.Key(entry.name(), entry.clusterScope()), entry.spec()));
        return new References(specs, configMaps);
    }

    /** What the engine runs by. */
    WorkflowDefinition compiled(EngineSettings settings) {
        return WorkflowDefinition.compile(
                workflow, references(), settings, estimates == null ? Estimates.NONE : estimates);
    }

    /** As JSON; what is large is packed, since a record of the journal has bounds. */
    JsonNode toJson() {
        JsonNode json = ApiJson.mapper().valueToTree(this);
        if (json.toString().length() <= LARGE) {
            return json;
        }
        PackedJson packed = PackedJson.of(json);
        return ApiJson.mapper().createObjectNode().put(HASH, packed.hash()).put(PACKED, packed.bytes());
    }

    /** The opposite of {@link #toJson}. */
    static Definition fromJson(JsonNode json) throws IOException {
        JsonNode packed = json.get(PACKED);
        JsonNode whole =
                packed == null ? json : PackedJson.unpack(json.path(HASH).asText(), packed.binaryValue());
        return ApiJson.mapper().treeToValue(whole, Definition.class);
    }
}
