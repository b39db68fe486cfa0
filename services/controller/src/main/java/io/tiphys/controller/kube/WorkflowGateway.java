package io.tiphys.controller.kube;

import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowStatus;
import io.tiphys.messages.WorkflowRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Workflow objects as the shards write them. Each call blocks until the API server has answered. */
public interface WorkflowGateway {

    /** The object as it is now, if it is still the one with this uid. */
    Optional<Workflow> get(WorkflowRef workflow) throws InterruptedException;

    /**
     * Replaces the status, on top of whatever version the object has.
     *
     * @param status from the current status to the new one; may be called several times
     * @return the object as written; empty if it is gone
     */
    Optional<Workflow> writeStatus(Workflow known, UnaryOperator<WorkflowStatus> status) throws InterruptedException;

    /** Adds labels. */
    void label(WorkflowRef workflow, Map<String, String> labels) throws InterruptedException;

    /** Adds the label by which a workflow is taken up; what has begun goes before it. */
    default void labelToStart(WorkflowRef workflow, Map<String, String> labels) throws InterruptedException {
        label(workflow, labels);
    }

    /** Adds labels and annotations. */
    void decorate(WorkflowRef workflow, Map<String, String> labels, Map<String, String> annotations)
            throws InterruptedException;

    /** Deletes the pod disruption budget that was made for a workflow. */
    void deleteDisruptionBudget(WorkflowRef workflow) throws InterruptedException;

    /** Adds finalizers that aren't there. */
    void addFinalizers(WorkflowRef workflow, List<String> finalizers) throws InterruptedException;

    /** Deletes claims that were made for a workflow. */
    void deleteVolumeClaims(String namespace, List<String> names) throws InterruptedException;

    /** Deletes the object with what it owns. */
    void delete(WorkflowRef workflow) throws InterruptedException;
}
