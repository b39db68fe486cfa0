package io.tiphys.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** A pod in the three words that {@code kubectl get pods} has for it. */
final class PodSummary {
    private PodSummary() {}

    static String ready(JsonNode pod) {
        long ready = pod.path("status")
                        .path("containerStatuses")
                        .valueStream()
                        .filter(status -> status.path("ready").asBoolean())
                        .count()
                + sidecarsRunning(pod);
        return ready + "/" + (pod.path("spec").path("containers").size() + sidecars(pod));
    }

    private static long sidecars(JsonNode pod) {
        return pod.path("spec")
                .path("initContainers")
                .valueStream()
                .filter(PodSummary::isSidecar)
                .count();
    }

    private static boolean isSidecar(JsonNode container) {
        return "Always".equals(Json.text(container, "restartPolicy"));
    }

    private static long sidecarsRunning(JsonNode pod) {
        return pod.path("spec")
                .path("initContainers")
                .valueStream()
                .filter(PodSummary::isSidecar)
                .filter(container -> pod.path("status")
                        .path("initContainerStatuses")
                        .valueStream()
                        .anyMatch(status -> status.path("name").equals(container.path("name"))
                                && status.path("ready").asBoolean()))
                .count();
    }

    static String restarts(JsonNode pod) {
        return Long.toString(pod.path("status")
                .path("containerStatuses")
                .valueStream()
                .mapToLong(status -> status.path("restartCount").asLong(0))
                .sum());
    }

    /** The phase, or what says more: the reason of a waiting, failed or initialising container. */
    static String status(JsonNode pod) {
        JsonNode status = pod.path("status");
        if (pod.path("metadata").hasNonNull("deletionTimestamp")) {
            return "Terminating";
        }
        String initialising = initialising(pod);
        if (initialising != null) {
            return initialising;
        }
        String word = Json.text(Json.text("Unknown", status, "phase"), status, "reason");
        boolean running = false;
        for (JsonNode container : status.path("containerStatuses")) {
            JsonNode state = container.path("state");
            String reason = state.has("waiting")
                    ? Json.text("ContainerCreating", state, "waiting", "reason")
                    : state.has("terminated") ? terminated(state.path("terminated")) : "";
            word = reason.isEmpty() ? word : reason;
            running |= state.has("running") && container.path("ready").asBoolean();
        }
        return running && word.equals("Completed") ? "Running" : word;
    }

    private static String terminated(JsonNode state) {
        int exitCode = state.path("exitCode").asInt();
        return Json.text(exitCode == 0 ? "Completed" : "Error", state, "reason");
    }

    private static @Nullable String initialising(JsonNode pod) {
        JsonNode containers = pod.path("spec").path("initContainers");
        int done = 0;
        for (JsonNode container : pod.path("status").path("initContainerStatuses")) {
            JsonNode state = container.path("state");
            boolean finished = state.path("terminated").path("exitCode").asInt(-1) == 0;
            boolean sidecarUp = container.path("started").asBoolean() && state.has("running");
            if (finished || sidecarUp) {
                done++;
            } else if (state.has("terminated")) {
                return "Init:" + terminated(state.path("terminated"));
            } else {
                return "Init:" + done + "/" + containers.size();
            }
        }
        return null;
    }
}
