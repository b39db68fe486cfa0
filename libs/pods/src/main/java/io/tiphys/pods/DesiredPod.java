package io.tiphys.pods;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;

/** What came of a wish for a pod. */
public sealed interface DesiredPod {
    /** The pod to create. */
    record Planned(Pod pod) implements DesiredPod {}

    /** No pod can be made of this; the message is for the user and names what would be right. */
    record Refused(String message) implements DesiredPod {}

    /**
     * A container that emissary starts names no command, and what its image starts is not among what is known: whoever finds it out in a
     * registry asks again with it.
     *
     * @param image as the container names it
     * @param pullSecrets names of the pod's {@code imagePullSecrets}
     * @param serviceAccount the pod's, whose {@code imagePullSecrets} count as well
     * @param architecture of the nodes that the pod may go to, as Go and Kubernetes call it ({@code amd64} unless the pod's {@code
     *     nodeSelector} names another)
     * @param message what to tell the user when nobody finds it out
     */
    record ImageUnknown(
            String image, List<String> pullSecrets, String serviceAccount, String architecture, String message)
            implements DesiredPod {
        public ImageUnknown {
            pullSecrets = List.copyOf(pullSecrets);
        }
    }
}
