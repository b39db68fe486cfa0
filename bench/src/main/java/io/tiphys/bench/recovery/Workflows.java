package io.tiphys.bench.recovery;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Workflows of a benchmark, as the Kubernetes API has them. */
final class Workflows {
    private static final ResourceDefinitionContext KIND = new ResourceDefinitionContext.Builder()
            .withGroup("argoproj.io")
            .withVersion("v1alpha1")
            .withKind("Workflow")
            .withPlural("workflows")
            .withNamespaced(true)
            .build();

    private final KubernetesClient client;

    Workflows(KubernetesClient client) {
        this.client = client;
    }

    /** Creates one and returns its uid. */
    String create(String manifest) {
        return client.genericKubernetesResources(KIND)
                .inNamespace(OwnInstance.NAMESPACE)
                .load(new ByteArrayInputStream(manifest.getBytes(UTF_8)))
                .create()
                .getMetadata()
                .getUid();
    }

    @Nullable
    GenericKubernetesResource get(String name) {
        return client.genericKubernetesResources(KIND)
                .inNamespace(OwnInstance.NAMESPACE)
                .withName(name)
                .get();
    }

    String phase(String name) {
        GenericKubernetesResource workflow = get(name);
        String phase = workflow == null ? null : workflow.get("status", "phase");
        return phase == null ? "" : phase;
    }

    String label(String name, String label) {
        GenericKubernetesResource workflow = get(name);
        Map<String, String> labels =
                workflow == null ? null : workflow.getMetadata().getLabels();
        return labels == null ? "" : labels.getOrDefault(label, "");
    }

    /** What its nodes say that didn't succeed. */
    List<String> failures(String name) {
        GenericKubernetesResource workflow = get(name);
        Map<String, Map<String, Object>> nodes = workflow == null ? null : workflow.get("status", "nodes");
        return nodes == null
                ? List.of()
                : nodes.values().stream()
                        .filter(node -> !"Succeeded".equals(node.get("phase")))
                        .map(node -> node.get("name") + " " + node.get("phase") + ": " + node.get("message"))
                        .toList();
    }

    /** Whether the workflow is over, and labelled so. */
    boolean isOver(String name) {
        return label(name, "workflows.argoproj.io/completed").equals("true");
    }

    /** With its pods. */
    void delete(String name) {
        client.genericKubernetesResources(KIND)
                .inNamespace(OwnInstance.NAMESPACE)
                .withName(name)
                .delete();
    }
}
