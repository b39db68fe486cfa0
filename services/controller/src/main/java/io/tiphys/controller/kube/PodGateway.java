package io.tiphys.controller.kube;

/** Pods as the shards want them. Each call blocks until the API server has answered, repeated where that helps. */
public interface PodGateway {

    /** Annotation: which creation of its node a pod was made for; a node that is retried has the same id, but a later one. */
    String ANNOTATION_NODE_SEQ = "tiphys.io/node-seq";

    /**
     * Sees to it that the pod exists; one of the same name that belongs to the same workflow is that pod, unless it was made
     * for an earlier creation of the node: that one is deleted, and the answer is a transient refusal until it is gone.
     */
    Ensured ensure(PodOrder order) throws InterruptedException;

    /**
     * Deletes the pod; one that isn't there is deleted.
     *
     * @return false if the server can't for the time being, so that it is worth another try later
     */
    boolean delete(String namespace, String name) throws InterruptedException;

    /** Lets the pod's containers end by signal and keeps the pod, with its logs, if the cluster can do so. */
    void terminate(String namespace, String name) throws InterruptedException;

    /**
     * Marks the pod as one that nobody waits for any more.
     *
     * @return false if the server can't for the time being, so that it is worth another try later
     */
    boolean labelCompleted(String namespace, String name) throws InterruptedException;

    /**
     * Takes Argo's finalizer {@code workflows.argoproj.io/status} off the pod. What can't be done now is done when the pod is told of
     * again, at the latest when the watch has to list anew.
     */
    void release(String namespace, String name) throws InterruptedException;

    /** How {@link #ensure} ended. */
    sealed interface Ensured {
        record Created() implements Ensured {}

        record AlreadyThere() implements Ensured {}

        /** Nothing was sent: when it was its turn, there was no pod to be created. */
        record Withdrawn() implements Ensured {}

        /**
         * The pod could not be made.
         *
         * @param isTransient whether it is worth another try later
         */
        record Refused(String message, boolean isTransient) implements Ensured {}
    }
}
