package io.tiphys.controller.agent;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.tiphys.api.ArgoResource;
import io.tiphys.api.WorkflowTaskSet;
import io.tiphys.api.WorkflowTaskSetSpec;
import io.tiphys.controller.kube.ApiCalls;
import io.tiphys.controller.kube.ApiFailure;
import io.tiphys.messages.Shards;
import io.tiphys.messages.WorkflowRef;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** {@link TaskSetGateway} over the Kubernetes client. */
public final class KubeTaskSetGateway implements TaskSetGateway {
    private static final String LABEL_COMPLETED = "workflows.argoproj.io/completed";

    private final KubernetesClient client;
    private final ApiCalls calls;

    public KubeTaskSetGateway(KubernetesClient client, ApiCalls calls) {
        this.client = client;
        this.calls = calls;
    }

    @Override
    public void replace(WorkflowRef workflow, int shard, Map<String, String> tasks) throws InterruptedException {
        WorkflowTaskSet existing =
                calls.call("get task set", () -> resource(workflow).get());
        if (existing != null && !belongsTo(existing, workflow)) {
            calls.call("delete task set", () -> resource(workflow).delete());
            existing = null;
        }
        if (existing == null) {
            create(workflow, shard);
        }
        Map<String, Optional<String>> changes = new LinkedHashMap<>();
        if (existing != null) {
            existing.getSpec().tasks().keySet().forEach(node -> changes.put(node, Optional.empty()));
        }
        tasks.forEach((node, template) -> changes.put(node, Optional.of(template)));
        patch(workflow, false, changes);
    }

    @Override
    public boolean change(WorkflowRef workflow, Map<String, Optional<String>> tasks) throws InterruptedException {
        try {
            patch(workflow, false, tasks);
            return true;
        } catch (KubernetesClientException e) {
            if (ApiFailure.of(e) == ApiFailure.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public void complete(WorkflowRef workflow) throws InterruptedException {
        WorkflowTaskSet existing =
                calls.call("get task set", () -> resource(workflow).get());
        if (existing == null || !belongsTo(existing, workflow)) {
            return;
        }
        Map<String, Optional<String>> nothing = new LinkedHashMap<>();
        existing.getSpec().tasks().keySet().forEach(node -> nothing.put(node, Optional.empty()));
        try {
            patch(workflow, true, nothing);
        } catch (KubernetesClientException e) {
            if (ApiFailure.of(e) != ApiFailure.NOT_FOUND) {
                throw e;
            }
        }
    }

    private void create(WorkflowRef workflow, int shard) throws InterruptedException {
        WorkflowTaskSet fresh = new WorkflowTaskSet(
                new ObjectMetaBuilder()
                        .withName(workflow.name())
                        .withNamespace(workflow.namespace())
                        .addToLabels(Shards.LABEL, Integer.toString(shard))
                        .addNewOwnerReference()
                        .withApiVersion(ArgoResource.API_VERSION)
                        .withKind("Workflow")
                        .withName(workflow.name())
                        .withUid(workflow.uid())
                        .endOwnerReference()
                        .build(),
                WorkflowTaskSetSpec.NONE);
        try {
            calls.call("create task set", () -> client.resource(fresh).create());
        } catch (KubernetesClientException e) {
            if (ApiFailure.of(e) != ApiFailure.ALREADY_EXISTS) {
                throw e;
            }
        }
    }

    private void patch(WorkflowRef workflow, boolean completed, Map<String, Optional<String>> tasks)
            throws InterruptedException {
        StringBuilder patch = new StringBuilder("{\"metadata\":{\"labels\":{\"")
                .append(LABEL_COMPLETED)
                .append("\":\"")
                .append(completed)
                .append("\"}},\"spec\":{\"tasks\":{");
        String separator = "";
        for (Map.Entry<String, Optional<String>> task : tasks.entrySet()) {
            patch.append(separator)
                    .append('"')
                    .append(task.getKey())
                    .append("\":")
                    .append(task.getValue().orElse("null"));
            separator = ",";
        }
        patch.append("}}}");
        calls.call(
                "patch task set",
                () -> resource(workflow).patch(PatchContext.of(PatchType.JSON_MERGE), patch.toString()));
    }

    private static boolean belongsTo(WorkflowTaskSet taskSet, WorkflowRef workflow) {
        return taskSet.getMetadata().getOwnerReferences().stream()
                .anyMatch(owner -> workflow.uid().equals(owner.getUid()));
    }

    private Resource<WorkflowTaskSet> resource(WorkflowRef workflow) {
        return client.resources(WorkflowTaskSet.class)
                .inNamespace(workflow.namespace())
                .withName(workflow.name());
    }
}
