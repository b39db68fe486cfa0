package io.tiphys.controller.shard;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tiphys.api.Workflow;
import io.tiphys.controller.kube.ApiCalls;
import io.tiphys.controller.kube.ApiFailure;
import io.tiphys.messages.Shards;
import io.tiphys.pods.Names;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Pods that another controller made for a workflow: they get the labels by which our watches find their own. */
final class PredecessorPods {
    private final KubernetesClient client;
    private final ApiCalls calls;

    PredecessorPods(KubernetesClient client, ApiCalls calls) {
        this.client = client;
        this.calls = calls;
    }

    /** Ids of the nodes that have a pod. */
    Set<String> claim(Workflow workflow, int shard) throws InterruptedException {
        var meta = workflow.getMetadata();
        Set<String> nodeIds = new HashSet<>();
        for (Pod pod : calls.call(
                "list pods of workflow",
                () -> client.pods()
                        .inNamespace(meta.getNamespace())
                        .withLabel(Names.LABEL_WORKFLOW, meta.getName())
                        .list()
                        .getItems())) {
            Map<String, String> annotations =
                    Optional.ofNullable(pod.getMetadata().getAnnotations()).orElse(Map.of());
            String nodeId = annotations.get(Names.ANNOTATION_NODE_ID);
            boolean isOurs = pod.getMetadata().getOwnerReferences().stream()
                    .anyMatch(owner -> Objects.equals(owner.getUid(), meta.getUid()));
            if (nodeId == null || !isOurs) {
                continue;
            }
            boolean isKnown = annotations.containsKey(Names.ANNOTATION_WORKFLOW_UID)
                    && pod.getMetadata().getLabels().containsKey(Shards.LABEL);
            if (isKnown || label(pod, Integer.toString(shard), meta.getUid())) {
                nodeIds.add(nodeId);
            }
        }
        return nodeIds;
    }

    /** False if the pod has gone meanwhile. */
    private boolean label(Pod pod, String shard, String workflowUid) throws InterruptedException {
        try {
            calls.call(
                    "adopt pod",
                    () -> client.pods()
                            .resource(pod)
                            .edit(known -> new PodBuilder(known)
                                    .editMetadata()
                                    .addToLabels(Shards.LABEL, shard)
                                    .addToAnnotations(Names.ANNOTATION_WORKFLOW_UID, workflowUid)
                                    .endMetadata()
                                    .build()));
            return true;
        } catch (KubernetesClientException e) {
            if (ApiFailure.of(e) == ApiFailure.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }
}
