package io.tiphys.bench.artifacts;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Workflows as they are when they have ended, without having run: one node per ten artifacts. */
final class FinishedWorkflow {
    private static final int ARTIFACTS_PER_NODE = 10;
    private static final String FINALIZER = "workflows.argoproj.io/artifact-gc";
    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);
    private static final String ENDED = "2026-01-01T00:00:00Z";

    private FinishedWorkflow() {}

    /** The node of the artifact of that key; the artifact's name is {@code a} and its index. */
    static String node(String workflow, int artifact) {
        return workflow + "-" + artifact / ARTIFACTS_PER_NODE;
    }

    /**
     * Creates one.
     *
     * @param held whether its artifacts are to go with it
     */
    static void create(Place place, KubernetesClient client, String name, List<String> keys, boolean held) {
        var nodes = new LinkedHashMap<String, Object>();
        for (int from = 0; from < keys.size(); from += ARTIFACTS_PER_NODE) {
            var artifacts = new ArrayList<Map<String, Object>>();
            for (int n = from; n < Math.min(keys.size(), from + ARTIFACTS_PER_NODE); n++) {
                var oss = Map.of(
                        "endpoint",
                        place.endpoint.toString(),
                        "bucket",
                        place.bucket,
                        "key",
                        keys.get(n),
                        "useSDKCreds",
                        true);
                artifacts.add(Map.of("name", "a" + n, "path", "/a" + n, "oss", oss));
            }
            var id = node(name, from);
            nodes.put(
                    id,
                    Map.of(
                            "id", id,
                            "name", id,
                            "displayName", id,
                            "type", "Pod",
                            "templateName", "main",
                            "phase", "Succeeded",
                            "startedAt", ENDED,
                            "finishedAt", ENDED,
                            "outputs", Map.of("artifacts", artifacts)));
        }
        var workflow = new GenericKubernetesResource();
        workflow.setApiVersion("argoproj.io/v1alpha1");
        workflow.setKind("Workflow");
        workflow.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withLabels(Map.of(
                        "workflows.argoproj.io/completed", "true",
                        "workflows.argoproj.io/phase", "Succeeded"))
                .build());
        workflow.setAdditionalProperty(
                "spec",
                Map.of(
                        "entrypoint", "main",
                        "artifactGC", Map.of("strategy", held ? "OnWorkflowDeletion" : "Never"),
                        "templates",
                                List.of(Map.of(
                                        "name",
                                        "main",
                                        "container",
                                        Map.of("image", "alpine:3.20", "command", List.of("true"))))));
        workflow.setAdditionalProperty(
                "status",
                Map.of(
                        "phase", "Succeeded",
                        "startedAt", ENDED,
                        "finishedAt", ENDED,
                        "nodes", nodes,
                        "artifactGCStatus", Map.of("strategiesProcessed", Map.of("OnWorkflowCompletion", true))));
        client.resource(workflow).inNamespace(Place.NAMESPACE).create();
        if (held) { // now, as it would be let go while it has nothing to delete
            resource(client, name)
                    .patch(MERGE, Serialization.asJson(Map.of("metadata", Map.of("finalizers", List.of(FINALIZER)))));
        }
    }

    static void delete(KubernetesClient client, String name) {
        resource(client, name)
                .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                .delete();
    }

    private static Resource<GenericKubernetesResource> resource(KubernetesClient client, String name) {
        return client.genericKubernetesResources("argoproj.io/v1alpha1", "Workflow")
                .inNamespace(Place.NAMESPACE)
                .withName(name);
    }
}
