package io.tiphys.submitter;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.io.IOException;
import java.util.Map;

/** What other parts would do in the cluster. */
public record Cluster(KubernetesClient client) {

    /** As the controller writes it. */
    public void status(String name, String status) {
        try {
            Resource<GenericKubernetesResource> resource = workflow(name);
            GenericKubernetesResource workflow = resource.get();
            workflow.setAdditionalProperty("status", new ObjectMapper().readValue(status, Map.class));
            client.genericKubernetesResources(workflows())
                    .inNamespace("argo")
                    .resource(workflow)
                    .update();
        } catch (IOException e) {
            throw new AssertionError(status, e);
        }
    }

    public Resource<GenericKubernetesResource> workflow(String name) {
        return client.genericKubernetesResources(workflows())
                .inNamespace("argo")
                .withName(name);
    }

    /** A finished pod of this workflow on a node whose kubelet listens on this port. */
    public void pod(String workflow, String name, int kubeletPort) {
        if (client.nodes().withName("test-node").get() == null) {
            client.resource(new NodeBuilder()
                            .withNewMetadata()
                            .withName("test-node")
                            .endMetadata()
                            .build())
                    .create();
            client.nodes()
                    .resource(
                            new NodeBuilder(client.nodes().withName("test-node").get())
                                    .withNewStatus()
                                    .addNewAddress()
                                    .withType("InternalIP")
                                    .withAddress("127.0.0.1")
                                    .endAddress()
                                    .withNewDaemonEndpoints()
                                    .withNewKubeletEndpoint(kubeletPort)
                                    .endDaemonEndpoints()
                                    .endStatus()
                                    .build())
                    .updateStatus();
        }
        var created = client.resource(new PodBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace("argo")
                        .addToLabels("workflows.argoproj.io/workflow", workflow)
                        .endMetadata()
                        .withNewSpec()
                        .withNodeName("test-node")
                        .addNewContainer()
                        .withName("main")
                        .withImage("alpine")
                        .endContainer()
                        .endSpec()
                        .build())
                .create();
        client.pods()
                .resource(new PodBuilder(created)
                        .withNewStatus()
                        .withPhase("Succeeded")
                        .withStartTime("2026-01-01T00:00:00Z")
                        .addNewContainerStatus()
                        .withName("main")
                        .withReady(false)
                        .withRestartCount(0)
                        .withImage("alpine")
                        .withImageID("")
                        .withNewState()
                        .withNewTerminated()
                        .withExitCode(0)
                        .endTerminated()
                        .endState()
                        .endContainerStatus()
                        .endStatus()
                        .build())
                .updateStatus();
    }

    private static ResourceDefinitionContext workflows() {
        return new ResourceDefinitionContext.Builder()
                .withGroup("argoproj.io")
                .withVersion("v1alpha1")
                .withKind("Workflow")
                .withPlural("workflows")
                .withNamespaced(true)
                .build();
    }
}
