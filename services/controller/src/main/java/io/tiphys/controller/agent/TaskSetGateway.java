package io.tiphys.controller.agent;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tiphys.messages.WorkflowRef;
import java.util.Map;
import java.util.Optional;

/** The WorkflowTaskSet of a workflow. Each call blocks until the API server has answered. */
public interface TaskSetGateway {

    /**
     * Sees to it that the object exists and lists exactly these tasks.
     *
     * @param tasks node id → template as JSON
     * @throws KubernetesClientException if the API server refuses
     */
    void replace(WorkflowRef workflow, int shard, Map<String, String> tasks) throws InterruptedException;

    /**
     * Adds tasks, and takes out those without a template.
     *
     * @return false if the object is gone
     * @throws KubernetesClientException if the API server refuses
     */
    boolean change(WorkflowRef workflow, Map<String, Optional<String>> tasks) throws InterruptedException;

    /** Empties the list and says that the workflow has ended; nothing is done if there is no such object. */
    void complete(WorkflowRef workflow) throws InterruptedException;
}
