package io.tiphys.validation;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.tiphys.api.Artifact;
import io.tiphys.api.InvalidManifestException;
import io.tiphys.api.JsonPaths;
import io.tiphys.api.Manifests;
import io.tiphys.api.Parameter;
import io.tiphys.api.ResourceTemplate;
import io.tiphys.api.Template;
import io.tiphys.api.UserContainer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Templates that call no others. */
final class LeafRules {
    private static final Set<String> ACTIONS = Set.of("get", "create", "apply", "delete", "replace", "patch");

    private final Visit visit;
    private final ResolvedTemplate resolved;
    private final Template template;
    private final Findings findings;

    private LeafRules(Visit visit) {
        this.visit = visit;
        this.resolved = visit.resolved();
        this.template = resolved.template();
        this.findings = resolved.findings();
    }

    static void check(Visit visit, KnownVariables known) {
        new LeafRules(visit).check(known);
    }

    private void check(KnownVariables known) {
        checkTexts(known);
        if (template.container() != null) {
            Container container = template.container();
            checkMounts(container.getVolumeMounts(), resolved.path("container.volumeMounts"), true);
            checkImage(container, defaults() == null ? null : defaults().container(), "container.image");
        }
        if (template.script() != null) {
            Template defaults = defaults();
            Container below = defaults == null || defaults.script() == null
                    ? null
                    : defaults.script().container();
            checkImage(template.script().container(), below, "script.image");
        }
        if (template.containerSet() != null) {
            ContainerSetRules.check(resolved, template.containerSet());
            checkMounts(template.containerSet().volumeMounts(), resolved.path("containerSet.volumeMounts"), false);
        }
        checkSidecars();
        checkResource(template.resource());
        checkDeadline(template.activeDeadlineSeconds());
        if (template.parallelism() != null) {
            findings.problem(resolved.path("parallelism"), "can only be given for steps and dag templates");
        }
    }

    /** Tags everywhere but in what arguments replace before it runs. */
    private void checkTexts(KnownVariables known) {
        resolved.tree().properties().forEach(entry -> {
            String path = resolved.path(entry.getKey());
            if (entry.getKey().equals("inputs")) {
                checkInputTexts(entry.getValue(), path, known);
            } else if (!entry.getKey().equals("outputs")) {
                Texts.forEach(entry.getValue(), path, (at, text) -> known.check(at, text, findings));
            }
        });
    }

    private void checkInputTexts(JsonNode inputs, String path, KnownVariables known) {
        JsonNode parameters = inputs.path("parameters");
        for (int i = 0; i < parameters.size(); i++) {
            String parameterPath = JsonPaths.item(JsonPaths.field(path, "parameters"), i);
            boolean kept = keepsValue(parameters.get(i).path("name").asText());
            parameters.get(i).properties().forEach(entry -> {
                boolean replaced =
                        entry.getKey().equals("value") || entry.getKey().equals("valueFrom");
                if (kept || !replaced) {
                    String at = JsonPaths.field(parameterPath, entry.getKey());
                    Texts.forEach(entry.getValue(), at, (where, text) -> known.check(where, text, findings));
                }
            });
        }
        if (visit.arguments() != null) {
            JsonNode artifacts = inputs.path("artifacts");
            String artifactsPath = JsonPaths.field(path, "artifacts");
            Texts.forEach(artifacts, artifactsPath, (at, text) -> known.check(at, text, findings));
        }
    }

    private boolean keepsValue(String input) {
        if (visit.arguments() == null) {
            return false;
        }
        Parameter argument = ArgumentRules.find(visit.arguments().parameters(), input);
        return argument == null;
    }

    private @Nullable Template defaults() {
        return resolved.source().clusterScoped()
                ? null
                : resolved.source().spec().templateDefaults();
    }

    private void checkImage(Container container, @Nullable Container below, String field) {
        boolean hasImage = Call.isGiven(container.getImage()) || (below != null && Call.isGiven(below.getImage()));
        if (!hasImage) {
            findings.problem(resolved.path(field), "is required");
        }
    }

    private void checkMounts(@Nullable List<VolumeMount> mounts, String path, boolean withArtifacts) {
        Map<String, String> taken = new HashMap<>();
        for (int i = 0; mounts != null && i < mounts.size(); i++) {
            VolumeMount mount = mounts.get(i);
            String mountPath = mount.getMountPath() == null ? "" : mount.getMountPath();
            String before = taken.put(mountPath, "volume \"" + mount.getName() + "\"");
            if (before != null) {
                String at = JsonPaths.field(JsonPaths.item(path, i), "mountPath");
                findings.problem(at, "\"" + mountPath + "\" is taken already by " + before);
            }
        }
        List<Artifact> artifacts = withArtifacts ? template.inputs().artifacts() : List.of();
        for (int i = 0; i < artifacts.size(); i++) {
            String artifactPath = artifacts.get(i).path();
            String before = artifactPath == null
                    ? null
                    : taken.put(artifactPath, "artifact \"" + artifacts.get(i).name() + "\"");
            if (before != null) {
                String at = JsonPaths.item(resolved.path("inputs.artifacts"), i);
                findings.problem(JsonPaths.field(at, "path"), "\"" + artifactPath + "\" is taken already by " + before);
            }
        }
    }

    private void checkSidecars() {
        List<UserContainer> sidecars = template.sidecars();
        for (int i = 0; i < sidecars.size(); i++) {
            ContainerSetRules.checkNotReserved(
                    sidecars.get(i).name(), JsonPaths.item(resolved.path("sidecars"), i), findings);
        }
    }

    private void checkResource(@Nullable ResourceTemplate resource) {
        if (resource == null) {
            return;
        }
        String action = resource.action();
        if (Texts.tags(action).isEmpty() && !ACTIONS.contains(action)) {
            findings.problem(
                    resolved.path("resource.action"),
                    "\"" + action + "\" is unknown" + Suggestions.known(action, ACTIONS));
        }
        if (action.equals("delete") || action.equals("get")) {
            return;
        }
        String manifest = Call.text(resource.manifest());
        if (manifest.isEmpty() == (resource.manifestFrom() == null)) {
            findings.problem(resolved.path("resource"), "needs manifest or manifestFrom, and only one of them");
        }
        if (resource.manifestFrom() != null && resource.manifestFrom().artifact() != null) {
            String name = resource.manifestFrom().artifact().name();
            if (template.inputs().artifacts().stream().noneMatch(a -> a.name().equals(name))) {
                findings.problem(
                        resolved.path("resource.manifestFrom.artifact.name"),
                        "\"" + name + "\" is no input artifact of the template");
            }
        }
        if (!manifest.isEmpty()) {
            checkManifest(manifest);
        }
    }

    private void checkManifest(String manifest) {
        try {
            Manifests.read(manifest.replaceAll("\\{\\{.*?}}", "x"));
        } catch (InvalidManifestException e) {
            findings.problem(resolved.path("resource.manifest"), e.getMessage());
        }
    }

    private void checkDeadline(@Nullable IntOrString deadline) {
        if (deadline == null) {
            return;
        }
        String text = deadline.getStrVal() != null ? deadline.getStrVal() : String.valueOf(deadline.getIntVal());
        boolean tag = text.startsWith("{{") && text.endsWith("}}");
        if (!tag && !text.matches("\\+?\\d+")) {
            findings.problem(
                    resolved.path("activeDeadlineSeconds"),
                    "\"" + text + "\" must be a whole number of seconds, not negative, or a variable");
        }
    }
}
