package io.tiphys.pods;

import io.tiphys.api.Artifact;
import io.tiphys.api.ArtifactLocation;
import io.tiphys.api.Parameter;
import io.tiphys.api.ScriptTemplate;
import io.tiphys.api.Template;
import io.tiphys.api.ValueFrom;
import io.tiphys.engine.Command.EnsurePod;
import io.tiphys.transfer.Capability;
import io.tiphys.transfer.PodTask;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which data move into and out of a pod: the executor's task, which names artifacts and paths, and the capability, which
 * says where in object storage they are.
 */
final class DataPlan {
    private final EnsurePod wish;
    private final WorkflowFacts workflow;
    private final UserContainers user;
    private final boolean archivesLogs;
    private final ArtifactLocations locations;
    private final List<PodTask.Input> inputs = new ArrayList<>();
    private final List<PodTask.OutputArtifact> outputs = new ArrayList<>();
    private final List<PodTask.ArchivedLog> logs = new ArrayList<>();
    private final Map<String, Map<String, Object>> read = new LinkedHashMap<>();
    private final Map<String, Map<String, Object>> write = new LinkedHashMap<>();

    private DataPlan(EnsurePod wish, WorkflowFacts workflow, UserContainers user, boolean archivesLogs) {
        this.wish = wish;
        this.workflow = workflow;
        this.user = user;
        this.archivesLogs = archivesLogs;
        this.locations = new ArtifactLocations(wish, workflow);
    }

    static DataPlan of(
            EnsurePod wish, WorkflowFacts workflow, PodSettings settings, UserContainers user, InputPlaces places) {
        DataPlan plan = new DataPlan(wish, workflow, user, archivesLogs(wish, workflow, settings));
        wish.template().inputs().artifacts().forEach(artifact -> plan.addInput(artifact, places));
        wish.template().outputs().artifacts().forEach(plan::addOutput);
        plan.addLogs();
        return plan;
    }

    /** Whether logs become artifacts: the operator's "yes", else the template's word, else the workflow's. */
    static boolean archivesLogs(EnsurePod wish, WorkflowFacts workflow, PodSettings settings) {
        if (settings.archiveLogs() || Boolean.TRUE.equals(workflow.repository().archiveLogs())) {
            return true;
        }
        ArtifactLocation location = wish.template().archiveLocation();
        if (location != null && location.archiveLogs() != null) {
            return location.archiveLogs();
        }
        return Boolean.TRUE.equals(workflow.spec().archiveLogs());
    }

    PodTask task() {
        Template template = wish.template();
        ScriptTemplate script = template.script();
        return new PodTask(
                new PodTask.WorkflowRef(workflow.namespace(), workflow.name(), workflow.uid()),
                wish.nodeId(),
                wish.podName(),
                user.mainNames(),
                user.sidecarNames(),
                script == null || !script.hasSource() ? null : script.source(),
                inputs,
                new PodTask.Outputs(fileParameters(template), outputs, wish.includeResult(), logs),
                Names.PATH_PROGRESS,
                wish.deadline() == null ? null : wish.deadline().getEpochSecond(),
                null,
                null);
    }

    /**
     * @param expires when the pod has no earlier deadline
     */
    Capability capability(Instant expires) {
        return Capabilities.of(wish, workflow, expires, read, write);
    }

    private void addInput(Artifact artifact, InputPlaces places) {
        if (!InputPlaces.isStaged(artifact)) {
            if (artifact.optional()) {
                return;
            }
            throw new PodRefusedException(
                    "inputs.artifacts.%s of template \"%s\" was not supplied; give it in the arguments or mark it optional: true"
                            .formatted(artifact.name(), wish.template().name()));
        }
        String raw = artifact.raw() == null ? null : artifact.raw().data();
        inputs.add(new PodTask.Input(
                artifact.name(),
                InputPlaces.path(artifact),
                places.stagePath(artifact),
                artifact.mode(),
                artifact.recurseMode(),
                artifact.optional(),
                ArtifactFiles.archive(artifact.archive()),
                raw));
        if (raw == null) {
            Optional<Map<String, Object>> location = locations.input(artifact);
            location.ifPresent(at -> read.put(artifact.name(), at));
        }
    }

    private void addOutput(Artifact artifact) {
        String path = artifact.path();
        if (path == null || path.isEmpty()) {
            throw new PodRefusedException("outputs.artifacts.%s of template \"%s\" needs a path"
                    .formatted(artifact.name(), wish.template().name()));
        }
        outputs.add(new PodTask.OutputArtifact(
                artifact.name(),
                path,
                artifact.optional(),
                ArtifactFiles.archive(artifact.archive()),
                compressionLevel(artifact),
                artifact.mode()));
        write.put(artifact.name(), locations.output(artifact, ArtifactFiles.fileName(artifact, path)));
    }

    private void addLogs() {
        if (!archivesLogs) {
            return;
        }
        user.mainNames().forEach(this::addLog);
        user.sidecarNames().forEach(this::addLog);
    }

    private void addLog(String container) {
        String name = container + "-logs";
        logs.add(new PodTask.ArchivedLog(name, container));
        write.put(name, locations.inRepository(name, container + ".log"));
    }

    private static List<PodTask.OutputParameter> fileParameters(Template template) {
        List<PodTask.OutputParameter> parameters = new ArrayList<>();
        for (Parameter parameter : template.outputs().parameters()) {
            ValueFrom from = parameter.valueFrom();
            if (from != null && from.path() != null) {
                parameters.add(
                        new PodTask.OutputParameter(parameter.name(), from.path(), defaultValue(parameter, from)));
            }
        }
        return parameters;
    }

    private static @Nullable String defaultValue(Parameter parameter, ValueFrom from) {
        return from.defaultValue() != null ? from.defaultValue() : parameter.defaultValue();
    }

    private static @Nullable Integer compressionLevel(Artifact artifact) {
        var archive = artifact.archive();
        return archive == null || archive.tar() == null ? null : archive.tar().compressionLevel();
    }
}
