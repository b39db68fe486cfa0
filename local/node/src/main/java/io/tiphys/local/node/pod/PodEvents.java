package io.tiphys.local.node.pod;

import io.fabric8.kubernetes.api.model.Pod;
import io.tiphys.local.node.image.Image;
import java.util.HashSet;
import java.util.Set;

/** Events of one pod that are told once, however often their cause is met. */
final class PodEvents {
    private final PodApi api;
    private final Set<String> told = new HashSet<>();

    PodEvents(PodApi api) {
        this.api = api;
    }

    /** Where the files of a container come from. */
    void image(Pod pod, Image image) {
        switch (image.provenance()) {
            case STAND_IN, HOST_TOOLS ->
                once(
                        pod,
                        "Normal",
                        "Pulled",
                        "Container image \"" + image.name()
                                + "\" has a stand-in on this node: the machine's own tools");
            case UNKNOWN ->
                warnOnce(
                        pod,
                        "ImageNotAtHand",
                        "Container image \"" + image.name()
                                + "\" is not at hand on this node: the container runs on the machine's own files");
        }
    }

    void warnOnce(Pod pod, String reason, String message) {
        once(pod, "Warning", reason, message);
    }

    private void once(Pod pod, String type, String reason, String message) {
        if (told.add(reason + message)) {
            api.event(pod, type, reason, message);
        }
    }
}
