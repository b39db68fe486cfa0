package io.tiphys.pods;

import io.fabric8.kubernetes.api.model.Pod;

/** What came of a wish for a pod. */
public sealed interface DesiredPod {
    /** The pod to create. */
    record Planned(Pod pod) implements DesiredPod {}

    /** No pod can be made of this; the message is for the user and names what would be right. */
    record Refused(String message) implements DesiredPod {}
}
