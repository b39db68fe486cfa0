package io.tiphys.pods;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tiphys.api.Artifact;
import io.tiphys.api.Data;
import io.tiphys.api.ManifestFrom;
import io.tiphys.api.Parameter;
import io.tiphys.api.ResourceTemplate;
import io.tiphys.api.Template;
import io.tiphys.api.TransformationStep;
import io.tiphys.api.ValueFrom;
import io.tiphys.engine.Command.EnsurePod;
import io.tiphys.transfer.Capability;
import io.tiphys.transfer.DataTask;
import io.tiphys.transfer.PodTask;
import io.tiphys.transfer.ResourceTask;
import io.tiphys.transfer.ResourceTask.ObjectParameter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the executor of a resource or data pod does, and which objects in storage it may look at for that. */
record WorkerPlan(
        EnsurePod wish,
        WorkflowFacts workflow,
        List<PodTask.Input> inputs,
        Map<String, Map<String, Object>> read,
        @Nullable ResourceTask resource,
        @Nullable DataTask data) {
    private static final ObjectMapper YAML = new YAMLMapper();

    static WorkerPlan of(EnsurePod wish, WorkflowFacts workflow) {
        Template template = wish.template();
        Map<String, Map<String, Object>> read = new LinkedHashMap<>();
        List<PodTask.Input> inputs = new ArrayList<>();
        ArtifactLocations locations = new ArtifactLocations(wish, workflow);
        DataTask data = null;
        ResourceTask resource = null;
        if (template.data() != null) {
            data = data(template.data(), locations, read);
        } else {
            ResourceTemplate wanted = Objects.requireNonNull(template.resource());
            String file = null;
            Artifact manifest = manifestArtifact(template, wanted);
            if (manifest != null) {
                file = Names.PATH_INPUTS + "/" + manifest.name();
                inputs.add(input(manifest, file));
                if (manifest.raw() == null) {
                    locations.input(manifest).ifPresent(at -> read.put(manifest.name(), at));
                }
            }
            resource = resource(wanted, file, workflow, template);
        }
        return new WorkerPlan(wish, workflow, inputs, read, resource, data);
    }

    private static DataTask data(Data data, ArtifactLocations locations, Map<String, Map<String, Object>> read) {
        Artifact source = data.source() == null ? null : data.source().artifactPaths();
        if (source == null) {
            throw new PodRefusedException("data.source needs artifactPaths");
        }
        String name = source.name().isEmpty() ? "data" : source.name();
        read.put(name, locations.source(source).orElseGet(() -> locations.root(name)));
        return new DataTask(
                name,
                data.transformation().stream()
                        .map(TransformationStep::expression)
                        .filter(expression -> !expression.isEmpty())
                        .toList());
    }

    private static @Nullable Artifact manifestArtifact(Template template, ResourceTemplate resource) {
        ManifestFrom from = resource.manifestFrom();
        if (from == null || from.artifact() == null) {
            return null;
        }
        String name = from.artifact().name();
        return template.inputs().artifacts().stream()
                .filter(artifact -> artifact.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new PodRefusedException(
                        "resource.manifestFrom.artifact is \"%s\"; there is no such artifact in inputs.artifacts of template \"%s\""
                                .formatted(name, template.name())));
    }

    private static PodTask.Input input(Artifact artifact, String file) {
        if (!InputPlaces.isStaged(artifact)) {
            throw new PodRefusedException("inputs.artifacts.%s was not supplied".formatted(artifact.name()));
        }
        return new PodTask.Input(
                artifact.name(),
                file,
                file,
                artifact.mode(),
                artifact.recurseMode(),
                false,
                ArtifactFiles.archive(artifact.archive()),
                artifact.raw() == null ? null : artifact.raw().data());
    }

    private static ResourceTask resource(
            ResourceTemplate resource, @Nullable String file, WorkflowFacts workflow, Template template) {
        String manifest = resource.manifest();
        return new ResourceTask(
                resource.action(),
                resource.mergeStrategy(),
                resource.setOwnerReference() && manifest != null ? owned(manifest, workflow) : manifest,
                file,
                resource.successCondition(),
                resource.failureCondition(),
                resource.flags(),
                parameters(template));
    }

    /** The manifest with the workflow among its owners. */
    private static String owned(String manifest, WorkflowFacts workflow) {
        try {
            if (!(YAML.readTree(manifest) instanceof ObjectNode object)) {
                throw new PodRefusedException("resource.manifest must be one object for setOwnerReference");
            }
            object.withObjectProperty("metadata")
                    .withArrayProperty("ownerReferences")
                    .addObject()
                    .put("apiVersion", "argoproj.io/v1alpha1")
                    .put("kind", "Workflow")
                    .put("name", workflow.name())
                    .put("uid", workflow.uid())
                    .put("controller", true)
                    .put("blockOwnerDeletion", true);
            return YAML.writeValueAsString(object);
        } catch (JsonProcessingException e) {
            throw new PodRefusedException("resource.manifest is neither YAML nor JSON: " + e.getOriginalMessage());
        }
    }

    private static List<ObjectParameter> parameters(Template template) {
        List<ObjectParameter> parameters = new ArrayList<>();
        for (Parameter parameter : template.outputs().parameters()) {
            ValueFrom from = parameter.valueFrom();
            if (from != null) {
                parameters.add(
                        new ObjectParameter(parameter.name(), from.jsonPath(), from.jqFilter(), from.defaultValue()));
            }
        }
        return parameters;
    }

    PodTask task() {
        return new PodTask(
                new PodTask.WorkflowRef(workflow.namespace(), workflow.name(), workflow.uid()),
                wish.nodeId(),
                wish.podName(),
                List.of(Names.MAIN),
                List.of(),
                null,
                inputs,
                PodTask.Outputs.NONE,
                null,
                wish.deadline() == null ? null : wish.deadline().getEpochSecond(),
                resource,
                data);
    }

    Capability capability(Instant expires) {
        return Capabilities.of(wish, workflow, expires, read, Map.of());
    }
}
