package io.tiphys.artifactgc.reconcile;

import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowStatus;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Workflows as Kubernetes has them. Every write is guarded by the resourceVersion of the object that it is based on.
 *
 * <p>All methods throw {@link io.fabric8.kubernetes.client.KubernetesClientException} when the API server refuses or can't be reached.
 */
public interface WorkflowGateway {
    /** The workflow with its nodes inline, or empty if there is none of this name. */
    Optional<Workflow> find(String namespace, String name);

    /** Writes the parts of the status that deletion changes. @throws ConflictException if {@code base} is out of date */
    Workflow writeStatus(Workflow base, WorkflowStatus status) throws ConflictException;

    /**
     * Takes our finalizer away, and writes the status if it is another one than {@code base} has: in one request.
     *
     * @throws ConflictException if {@code base} is out of date
     */
    void letGo(Workflow base, WorkflowStatus status) throws ConflictException;

    /** Every workflow there is, with its nodes inline, one of them at a time. */
    void forEach(Consumer<Workflow> visitor);

    /** Every workflow there is, by its metadata, as the API server has them at a moment after the call; costs little. */
    void forEachSeen(Consumer<Seen> visitor);

    /**
     * What a workflow's metadata says of it.
     *
     * @param isWaiting whether it holds our finalizer and is completed or being deleted
     */
    record Seen(
            String namespace,
            String name,
            String uid,
            String resourceVersion,
            boolean isBeingDeleted,
            boolean isWaiting) {}

    /** A warning that people see in {@code kubectl describe}. */
    void warn(Workflow workflow, List<String> reasons);

    /** As {@link #warn}, of something that is as it should be. */
    void inform(Workflow workflow, String message);

    /** Somebody else has changed the object meanwhile. */
    final class ConflictException extends Exception {
        public ConflictException(Throwable cause) {
            super(cause);
        }
    }
}
