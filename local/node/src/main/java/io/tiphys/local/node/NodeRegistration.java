package io.tiphys.local.node;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.NodeStatusBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.tiphys.local.node.pod.MachineMemory;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/** The Node object: capacity, addresses, and where to ask for logs. */
final class NodeRegistration {
    private final KubernetesClient client;
    private final NodeConfig config;
    private final int logPort;

    NodeRegistration(KubernetesClient client, NodeConfig config, int logPort) {
        this.client = client;
        this.config = config;
        this.logPort = logPort;
    }

    /** Creates the object or brings its status up to date. */
    void register() {
        if (client.nodes().withName(config.name()).get() == null) {
            Node node = new NodeBuilder()
                    .withNewMetadata()
                    .withName(config.name())
                    .addToLabels("kubernetes.io/hostname", config.name())
                    .addToLabels("kubernetes.io/os", "linux")
                    .addToLabels("kubernetes.io/arch", architecture())
                    .endMetadata()
                    .withNewSpec()
                    .endSpec()
                    .build();
            client.nodes().resource(node).create();
        }
        String patch = Serialization.asJson(Map.of("status", status()));
        client.nodes()
                .withName(config.name())
                .subresource("status")
                .patch(
                        new PatchContext.Builder()
                                .withPatchType(PatchType.JSON_MERGE)
                                .build(),
                        patch);
    }

    private NodeStatus status() {
        Map<String, Quantity> capacity = Map.of(
                "cpu", new Quantity(String.valueOf(Runtime.getRuntime().availableProcessors())),
                "memory", new Quantity(MachineMemory.bytes() / 1024 + "Ki"),
                "pods", new Quantity(String.valueOf(config.maxPods())));
        return new NodeStatusBuilder()
                .withCapacity(capacity)
                .withAllocatable(capacity)
                .addNewAddress()
                .withType("InternalIP")
                .withAddress(config.host())
                .endAddress()
                .addNewAddress()
                .withType("Hostname")
                .withAddress(config.name())
                .endAddress()
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .withReason("KubeletReady")
                .withMessage("runs pods as processes of this machine")
                .withLastTransitionTime(
                        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
                .endCondition()
                .withNewDaemonEndpoints()
                .withNewKubeletEndpoint(logPort)
                .endDaemonEndpoints()
                .withNewNodeInfo()
                .withOperatingSystem("linux")
                .withArchitecture(architecture())
                .withKernelVersion(System.getProperty("os.version"))
                .withOsImage("this machine")
                .withContainerRuntimeVersion("tiphys://1")
                .withKubeletVersion("v1.34.0-tiphys")
                .withKubeProxyVersion("")
                .withBootID("")
                .withMachineID("")
                .withSystemUUID("")
                .endNodeInfo()
                .build();
    }

    private static String architecture() {
        String name = System.getProperty("os.arch");
        return name.equals("aarch64") ? "arm64" : name;
    }
}
