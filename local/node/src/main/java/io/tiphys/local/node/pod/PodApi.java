package io.tiphys.local.node.pod;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;

/** What a pod's run wants from the API server. */
public interface PodApi {
    /** What became of a write. */
    enum Written {
        DONE,
        /** The pod, or the pod with this uid, is no more. */
        GONE,
        /** The server didn't answer, was busy or refused: worth another try. */
        FAILED
    }

    /** Replaces the status. */
    Written writeStatus(Pod pod, PodStatus status);

    /** Removes the object of a pod that was asked to go and has ended. */
    Written confirmDeletion(Pod pod);

    /** Records an Event about the pod, at best effort. {@code type} is Normal or Warning. */
    void event(Pod pod, String type, String reason, String message);

    /** The objects of the pod's namespace. */
    ConfigSource config(String namespace);
}
