package io.tiphys.local.node;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.tiphys.local.node.scheduling.SchedulableNode;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The Node objects for which this machine stands: those with its label {@value NodeRegistration#MACHINE}, whoever made them. They come and
 * go while it runs.
 */
final class NodeTable implements ResourceEventHandler<Node>, AutoCloseable {
    private static final System.Logger LOG = System.getLogger("io.tiphys.local.node");

    private final NodeRegistration registration;
    private final Map<String, SchedulableNode> nodes = new ConcurrentHashMap<>();
    private final SharedIndexInformer<Node> informer;
    private volatile List<SchedulableNode> inOrder = List.of();
    private volatile Listener listener = new Listener() {};

    /** Hears of nodes. */
    interface Listener {
        /** One came, or is another than it was. */
        default void changed() {}

        /** One is gone, and so must be its pods. */
        default void gone(String name) {}
    }

    /** Knows the nodes that are there when it returns. */
    NodeTable(KubernetesClient client, String machine, NodeRegistration registration, long lookAgainMillis) {
        this.registration = registration;
        this.informer =
                client.nodes().withLabel(NodeRegistration.MACHINE, machine).runnableInformer(lookAgainMillis);
        informer.exceptionHandler((started, e) -> true);
        informer.addEventHandler(this);
        informer.run();
        informer.getStore().list().forEach(this::onAdd);
    }

    void listen(Listener wanted) {
        listener = wanted;
    }

    /** Whether pods of this node are run here. */
    boolean has(String name) {
        return nodes.containsKey(name);
    }

    /** Those with the shortest names first, and so the machine's own before its further ones. */
    List<SchedulableNode> list() {
        return inOrder;
    }

    @Override
    public void onAdd(Node node) {
        String name = node.getMetadata().getName();
        SchedulableNode known = nodes.get(name);
        SchedulableNode now = SchedulableNode.of(node);
        if (now.equals(known)) {
            return;
        }
        nodes.put(name, now);
        order();
        if (known == null && !registration.isRegistered(node)) {
            Thread.ofVirtual().start(() -> register(name));
        }
        listener.changed();
    }

    private void register(String name) {
        try {
            registration.registerFurther(name);
        } catch (KubernetesClientException e) {
            LOG.log(System.Logger.Level.WARNING, "node " + name + " could not be registered: " + e.getMessage());
        }
    }

    @Override
    public void onUpdate(Node before, Node node) {
        onAdd(node);
    }

    @Override
    public void onDelete(Node node, boolean stateUnknown) {
        String name = node.getMetadata().getName();
        nodes.remove(name);
        order();
        listener.gone(name);
    }

    private void order() {
        inOrder = nodes.values().stream()
                .sorted(Comparator.<SchedulableNode>comparingInt(
                                node -> node.name().length())
                        .thenComparing(SchedulableNode::name))
                .toList();
    }

    @Override
    public void close() {
        informer.close();
    }
}
