package io.tiphys.controller.kube;

import io.fabric8.kubernetes.api.model.Pod;

/** Pods as the shards want them. Each call blocks until the API server has answered, repeated where that helps. */
public interface PodGateway {

    /** Sees to it that the pod exists; one of the same name that belongs to the same workflow is that pod. */
    Ensured ensure(Pod pod) throws InterruptedException;

    /** Deletes the pod; one that isn't there is deleted. */
    void delete(String namespace, String name) throws InterruptedException;

    /** Lets the pod's containers end by signal and keeps the pod, with its logs, if the cluster can do so. */
    void terminate(String namespace, String name) throws InterruptedException;

    /** Marks the pod as one that nobody waits for any more. */
    void labelCompleted(String namespace, String name) throws InterruptedException;

    /** How {@link #ensure} ended. */
    sealed interface Ensured {
        record Created() implements Ensured {}

        record AlreadyThere() implements Ensured {}

        /**
         * The pod could not be made.
         *
         * @param isTransient whether it is worth another try later
         */
        record Refused(String message, boolean isTransient) implements Ensured {}
    }
}
