package io.tiphys.pods;

import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The operator's choices for pods.
 *
 * @param executorResources requests and limits of the executor container
 * @param uploaderUrl under which pods reach the uploader
 * @param archiveLogs save the logs of all containers, whatever workflow and template say
 * @param capabilityLife how long a pod's capability holds when the pod has no deadline
 * @param images what images start when the template names no command; needed because emissary must be told
 */
public record PodSettings(
        String executorImage,
        @Nullable String executorImagePullPolicy,
        ResourceRequirements executorResources,
        String uploaderUrl,
        boolean archiveLogs,
        Duration capabilityLife,
        Map<String, ImageCommand> images) {
    public PodSettings {
        images = Map.copyOf(images);
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
