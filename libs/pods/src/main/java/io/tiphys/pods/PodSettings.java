package io.tiphys.pods;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.tiphys.transfer.Capability;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The operator's choices for pods.
 *
 * @param executorResources requests and limits of the executor container
 * @param uploaderUrl under which pods reach the uploader
 * @param archiveLogs save the logs of all containers, whatever workflow and template say
 * @param capabilityLife how long a pod's capability holds when the pod has no deadline
 * @param images what images start when the template names no command; needed because emissary must be told. Keys are
 *     images as templates write them, or without tag and digest for all of them
 * @param mainContainer what main containers have where their template says nothing (Argo's {@code mainContainer})
 * @param executorSecurityContext of the executor container
 * @param podGcDelay from a pod's end to its deletion when {@code podGC} doesn't say; told in an annotation
 * @param statusFinalizer whether pods that are deleted stay until the controller has taken note of how they ended (Argo's {@code
 *     ARGO_POD_STATUS_CAPTURE_FINALIZER})
 * @param artifactDrivers names that {@code plugin} artifacts may use (Argo's {@code artifactDrivers})
 */
public record PodSettings(
        String executorImage,
        @Nullable String executorImagePullPolicy,
        ResourceRequirements executorResources,
        String uploaderUrl,
        boolean archiveLogs,
        Duration capabilityLife,
        Map<String, ImageCommand> images,
        @Nullable Container mainContainer,
        @Nullable SecurityContext executorSecurityContext,
        Duration podGcDelay,
        boolean statusFinalizer,
        Set<String> artifactDrivers) {
    public PodSettings {
        images = Map.copyOf(images);
        artifactDrivers = Set.copyOf(artifactDrivers);
    }

    /** The same with more images; what is here already comes first. */
    PodSettings withImages(Map<String, ImageCommand> more) {
        if (more.isEmpty()) {
            return this;
        }
        Map<String, ImageCommand> all = new HashMap<>(more);
        all.putAll(images);
        return new PodSettings(
                executorImage,
                executorImagePullPolicy,
                executorResources,
                uploaderUrl,
                archiveLogs,
                capabilityLife,
                all,
                mainContainer,
                executorSecurityContext,
                podGcDelay,
                statusFinalizer,
                artifactDrivers);
    }

    /** Refuses a pod with an artifact of a driver that there isn't, as Argo's controller does. */
    void requireDrivers(Capability capability) {
        capability.read().forEach(this::requireDriver);
        capability.write().forEach(this::requireDriver);
    }

    private void requireDriver(String artifact, Map<String, Object> location) {
        if (location.get("plugin") instanceof Map<?, ?> plugin
                && plugin.get("name") instanceof String name
                && !artifactDrivers.contains(name)) {
            throw new PodRefusedException("artifact driver %s not found, which artifact \"%s\" needs; known: %s"
                    .formatted(
                            name,
                            artifact,
                            artifactDrivers.isEmpty()
                                    ? "none (artifactDrivers of the controller's ConfigMap, or TIPHYS_ARTIFACT_DRIVERS)"
                                    : String.join(", ", new TreeSet<>(artifactDrivers))));
        }
    }

    /** What an image starts: by its whole name, or else by its name without tag and digest. */
    @Nullable
    ImageCommand image(String name) {
        ImageCommand exact = images.get(name);
        return exact != null ? exact : images.get(untagged(name));
    }

    private static String untagged(String name) {
        int digest = name.indexOf('@');
        String tagged = digest < 0 ? name : name.substring(0, digest);
        int colon = tagged.indexOf(':', tagged.lastIndexOf('/') + 1);
        return colon < 0 ? tagged : tagged.substring(0, colon);
    }

    /** An image's own entrypoint and arguments. */
    public record ImageCommand(List<String> entrypoint, List<String> cmd) {
        @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
        public ImageCommand {
            entrypoint = entrypoint == null ? List.of() : List.copyOf(entrypoint);
            cmd = cmd == null ? List.of() : List.copyOf(cmd);
        }
    }
}
