package io.tiphys.controller.simulation;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.tiphys.controller.kube.PodGateway;
import io.tiphys.controller.kube.PodOrder;
import io.tiphys.pods.Names;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** {@link PodGateway} by the rules of KubePodGateway, on an API server that doesn't always answer. */
final class SimulatedPodGateway implements PodGateway {
    private final World world;
    private final SimulatedCluster cluster;
    private final String replica;

    /** Whether the API server takes no request of ours, apart from what the world does to it. */
    boolean isAway;

    /** Names of the pods that were ordered, and whether as the beginning of a workflow. */
    final Map<String, Boolean> beginnings = new HashMap<>();

    SimulatedPodGateway(World world, SimulatedCluster cluster, String replica) {
        this.world = world;
        this.cluster = cluster;
        this.replica = replica;
    }

    @Override
    public Ensured ensure(PodOrder order) {
        beginnings.put(order.name(), order.isBeginning());
        World.Request request = request();
        if (request == World.Request.REFUSED) {
            return new Ensured.Refused("too many requests", true);
        }
        Pod pod = order.take();
        if (pod == null) {
            return new Ensured.Withdrawn();
        }
        String name = pod.getMetadata().getName();
        if (world.fails(150)) {
            return new Ensured.Refused("pods \"" + name + "\" is forbidden", false);
        }
        Pod existing = cluster.pods.get(name);
        if (existing == null) {
            world.note(() -> replica + " creates pod " + name + " for seq "
                    + pod.getMetadata().getAnnotations().get(ANNOTATION_NODE_SEQ));
            cluster.createPod(pod);
            return request == World.Request.UNANSWERED ? new Ensured.Refused("timeout", true) : new Ensured.Created();
        }
        return existing(existing, pod, order.takesOver());
    }

    private Ensured existing(Pod existing, Pod wanted, boolean takesOver) {
        String name = wanted.getMetadata().getName();
        if (request() != World.Request.GOOD) {
            return new Ensured.Refused("timeout", true);
        }
        if (existing.getMetadata().getDeletionTimestamp() != null) {
            return new Ensured.Refused("pod \"" + name + "\" of an earlier attempt is still being deleted", true);
        }
        boolean isOurs = Objects.equals(SimulatedCluster.workflowUid(existing), SimulatedCluster.workflowUid(wanted));
        boolean isEarlier = seq(existing) < seq(wanted);
        if (isOurs && isEarlier && !takesOver) {
            delete(World.NAMESPACE, name);
            return new Ensured.Refused("pod \"" + name + "\" of an earlier attempt must go first", true);
        }
        if (isOurs && !isEarlier) {
            return new Ensured.AlreadyThere();
        }
        if (isOurs) {
            cluster.change(
                    name,
                    SimulatedCluster.uid(existing),
                    meta -> new ObjectMetaBuilder(meta)
                            .addToLabels(wanted.getMetadata().getLabels())
                            .addToAnnotations(wanted.getMetadata().getAnnotations())
                            .build(),
                    null);
            return new Ensured.AlreadyThere();
        }
        return new Ensured.Refused("pod \"" + name + "\" exists and belongs to something else", true);
    }

    private World.Request request() {
        return isAway ? World.Request.REFUSED : world.request();
    }

    static int seq(Pod pod) {
        return Integer.parseInt(pod.getMetadata().getAnnotations().getOrDefault(ANNOTATION_NODE_SEQ, "-1"));
    }

    @Override
    public boolean delete(String namespace, String name) {
        World.Request request = request();
        if (request != World.Request.REFUSED) {
            world.note(() -> replica + " deletes pod " + name);
            cluster.deletePod(name);
        }
        return request == World.Request.GOOD;
    }

    @Override
    public void terminate(String namespace, String name) {
        if (request() != World.Request.REFUSED) {
            world.note(() -> replica + " terminates pod " + name);
            cluster.changeSpec(
                    name,
                    spec -> new PodSpecBuilder(spec)
                            .withActiveDeadlineSeconds(1L)
                            .build());
        }
    }

    /** The API server is asked until it answers. */
    @Override
    public void release(String namespace, String name) {
        Pod pod = cluster.pods.get(name);
        if (pod != null) {
            world.note(() -> replica + " releases pod " + name);
            cluster.change(
                    name,
                    SimulatedCluster.uid(pod),
                    meta -> new ObjectMetaBuilder(meta)
                            .removeFromFinalizers(Names.FINALIZER_STATUS)
                            .build(),
                    null);
        }
    }

    @Override
    public boolean labelCompleted(String namespace, String name) {
        Pod pod = cluster.pods.get(name);
        World.Request request = request();
        if (pod != null && request != World.Request.REFUSED) {
            cluster.change(
                    name,
                    SimulatedCluster.uid(pod),
                    meta -> new ObjectMetaBuilder(meta)
                            .addToLabels(Names.LABEL_COMPLETED, "true")
                            .build(),
                    null);
        }
        return request == World.Request.GOOD;
    }
}
