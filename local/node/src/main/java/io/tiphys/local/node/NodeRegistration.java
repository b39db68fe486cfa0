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
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The machine's Node objects: labels, capacity, addresses, and where to ask for logs. */
final class NodeRegistration {
    /** Says which machine runs the pods of a Node object. */
    static final String MACHINE = "tiphys.io/machine";
    /** On those that are made at the start, and that go when fewer are wanted. */
    private static final String MADE_HERE = "tiphys.io/made-at-start";

    private static final String RUNTIME = "tiphys://1";
    private static final PatchContext MERGE =
            new PatchContext.Builder().withPatchType(PatchType.JSON_MERGE).build();

    private final KubernetesClient client;
    private final NodeConfig config;
    private final int logPort;

    NodeRegistration(KubernetesClient client, NodeConfig config, int logPort) {
        this.client = client;
        this.config = config;
        this.logPort = logPort;
    }

    /**
     * Creates the objects or brings them up to date.
     *
     * @return the names of those that an earlier life made and that are no more
     */
    List<String> register() {
        config.nodeNames().forEach(this::register);
        List<String> superfluous = client.nodes().withLabel(MACHINE, config.name()).list().getItems().stream()
                .filter(node -> node.getMetadata().getAnnotations() != null
                        && node.getMetadata().getAnnotations().containsKey(MADE_HERE))
                .map(node -> node.getMetadata().getName())
                .filter(name -> !config.nodeNames().contains(name))
                .toList();
        superfluous.forEach(name -> client.nodes().withName(name).delete());
        return superfluous;
    }

    private void register(String name) {
        if (client.nodes().withName(name).get() == null) {
            Node node = new NodeBuilder()
                    .withNewMetadata()
                    .withName(name)
                    .withLabels(labels(name))
                    .addToLabels(MACHINE, config.name())
                    .addToAnnotations(MADE_HERE, "true")
                    .endMetadata()
                    .withNewSpec()
                    .endSpec()
                    .build();
            client.nodes().resource(node).create();
        } else {
            Map<String, String> labels = new HashMap<>(labels(name));
            labels.put(MACHINE, config.name());
            patch(name, Map.of("metadata", Map.of("labels", labels, "annotations", Map.of(MADE_HERE, "true"))));
        }
        writeStatus(name);
    }

    /** Makes a node of an object that somebody else made; labels that it has stay. */
    void registerFurther(String name) {
        Node node = client.nodes().withName(name).get();
        if (node == null) {
            return;
        }
        Map<String, String> labels = new HashMap<>(labels(name));
        labels.keySet().removeAll(node.getMetadata().getLabels().keySet());
        patch(name, Map.of("metadata", Map.of("labels", labels)));
        writeStatus(name);
    }

    /** Whether the object's status is ours already. */
    boolean isRegistered(Node node) {
        return node.getStatus() != null
                && node.getStatus().getNodeInfo() != null
                && RUNTIME.equals(node.getStatus().getNodeInfo().getContainerRuntimeVersion());
    }

    /** What kubelets say of themselves; the second names of the last two are old, and still there. */
    private static Map<String, String> labels(String name) {
        return Map.of(
                "kubernetes.io/hostname",
                name,
                "kubernetes.io/os",
                "linux",
                "kubernetes.io/arch",
                architecture(),
                "beta.kubernetes.io/os",
                "linux",
                "beta.kubernetes.io/arch",
                architecture());
    }

    private void patch(String name, Object patch) {
        client.nodes().withName(name).patch(MERGE, Serialization.asJson(patch));
    }

    private void writeStatus(String name) {
        client.nodes()
                .withName(name)
                .subresource("status")
                .patch(MERGE, Serialization.asJson(Map.of("status", status(name))));
    }

    private NodeStatus status(String name) {
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
                .withAddress(name)
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
                .withContainerRuntimeVersion(RUNTIME)
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
