package io.tiphys.controller.kube;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowStatus;
import io.tiphys.messages.WorkflowRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Workflow objects as the shards write them. Each call blocks until the API server has answered. */
public interface WorkflowGateway {

    /** The object as it is now, if it is still the one with this uid. */
    Optional<Workflow> get(WorkflowRef workflow) throws InterruptedException;

    /**
     * Replaces the status and changes labels, in one request, on top of whatever version the object has.
     *
     * @param labels those that the object must have from then on; null for one that it must not have
     * @param status from the current status to the new one; may be called several times
     * @return the object as written; empty if it is gone
     */
    Optional<Workflow> writeStatus(
            Workflow known, Map<String, @Nullable String> labels, UnaryOperator<WorkflowStatus> status)
            throws InterruptedException;

    /**
     * Says of an object that is over that it runs again, and changes labels; its nodes stay as they are. Costs little, whatever their number.
     *
     * @param labels as those of {@link #writeStatus}
     * @return the object as written; empty if it is gone
     */
    Optional<Workflow> reopen(Workflow known, Map<String, @Nullable String> labels) throws InterruptedException;

    /** Adds labels, and takes off those that are null. */
    void label(WorkflowRef workflow, Map<String, @Nullable String> labels) throws InterruptedException;

    /** Adds labels and annotations. */
    void decorate(WorkflowRef workflow, Map<String, String> labels, Map<String, String> annotations)
            throws InterruptedException;

    /** Makes a pod disruption budget unless it is there. */
    void ensureDisruptionBudget(PodDisruptionBudget budget) throws InterruptedException;

    /** Deletes the pod disruption budget that was made for a workflow. */
    void deleteDisruptionBudget(WorkflowRef workflow) throws InterruptedException;

    /** Adds finalizers that aren't there. */
    void addFinalizers(WorkflowRef workflow, List<String> finalizers) throws InterruptedException;

    /** Makes claims that aren't there. */
    void ensureVolumeClaims(List<PersistentVolumeClaim> claims) throws InterruptedException;

    /** Deletes claims that were made for a workflow; pods of it that have ended and are kept don't keep them. */
    void deleteVolumeClaims(String namespace, List<String> names) throws InterruptedException;

    /** Deletes the object with what it owns. */
    void delete(WorkflowRef workflow) throws InterruptedException;
}
