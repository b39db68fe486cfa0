package io.tiphys.local.node;

import io.fabric8.kubernetes.api.model.Binding;
import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tiphys.local.node.pod.PodApi;
import io.tiphys.local.node.scheduling.Placement;
import io.tiphys.local.node.scheduling.Placements;
import io.tiphys.local.node.scheduling.SchedulableNode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Binds pods that are nobody's to nodes, as kube-scheduler does: first in order as {@link PodQueue} has places, then where {@link Placements}
 * finds that they fit. What fits nowhere says so and waits for something that may be its reason to change. Safe for many threads.
 */
final class PodScheduler implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("io.tiphys.local.node");
    private static final int NOT_FOUND = 404;
    private static final Duration BIND_RETRY = Duration.ofMillis(500);

    /** Who runs the pods. */
    interface Pods {
        /** Takes a pod for this machine, so that the echo of its binding isn't taken for a stranger's; false if it was taken already. */
        boolean take(Pod pod);

        /** It isn't this machine's after all. */
        void giveUp(Pod pod);

        /** The pod is bound; the place is given back when it has ended. */
        void start(Pod pod, String node, PodQueue.Place place);

        /** The pod, as the watch has it now, may want a place. */
        void lookAgain(Pod pod);
    }

    private record Unplaced(Pod pod, Placement.Nowhere why) {}

    private final KubernetesClient client;
    private final PodApi api;
    private final Pods pods;
    private final Supplier<List<SchedulableNode>> nodes;
    private final PodQueue queue;
    private final Placements placements;
    /** Pods that fit nowhere, and what was said of them. */
    private final Map<String, Unplaced> unplaced = new ConcurrentHashMap<>();

    PodScheduler(KubernetesClient client, PodApi api, Pods pods, Supplier<List<SchedulableNode>> nodes, int maxPods) {
        this.client = client;
        this.api = api;
        this.pods = pods;
        this.nodes = nodes;
        this.placements = new Placements(this::namespaceLabels);
        this.queue = new PodQueue(PodQueue.Limits.ofMachine(maxPods), this::admit);
    }

    /** A pod that wants a place. */
    void offer(Pod pod) {
        queue.offer(pod);
    }

    /** Somebody bound the pod to a node of this machine; it takes no place of the queue. */
    void isOn(Pod pod, String node) {
        placements.isOn(pod, node);
    }

    /** The pod has ended or is gone: others may fit now. */
    void left(String uid) {
        placements.left(uid);
        offerUnplaced(true);
    }

    /** The object is gone. */
    void forget(String uid) {
        queue.forget(uid);
        unplaced.remove(uid);
        left(uid);
    }

    /** There are other nodes now, or they have changed. */
    void nodesChanged() {
        offerUnplaced(false);
    }

    /** Must not wait. */
    private void admit(PodQueue.Place place) {
        Thread.ofVirtual().name("bind-", 0).start(() -> {
            boolean running = false;
            try {
                running = bindAndStart(place);
            } catch (RuntimeException e) {
                String message = "pod " + PodTable.key(place.pod()) + " could not be started";
                LOG.log(System.Logger.Level.WARNING, message, e);
            } finally {
                if (!running) {
                    place.leave();
                }
            }
        });
    }

    /** Returns whether the pod has a run, which gives the place back. */
    private boolean bindAndStart(PodQueue.Place place) {
        Pod pod = place.pod();
        if (!pods.take(pod)) {
            return false;
        }
        return switch (placements.place(pod, nodes.get())) {
            case Placement.Nowhere why -> {
                place.leave();
                fitsNowhere(pod, why);
                yield false;
            }
            case Placement.On(String node) -> bindAndStart(place, node);
        };
    }

    private boolean bindAndStart(PodQueue.Place place, String node) {
        Pod pod = place.pod();
        unplaced.remove(pod.getMetadata().getUid());
        if (!bind(pod, node)) {
            left(pod.getMetadata().getUid());
            place.leave();
            lookAgain(pod);
            return false;
        }
        api.event(pod, "Normal", "Scheduled", "Successfully assigned " + PodTable.key(pod) + " to " + node);
        pods.start(pod, node, place);
        return true;
    }

    /** The binding may or may not have come about; what the watch says in a while decides. */
    private void lookAgain(Pod pod) {
        pods.giveUp(pod);
        try {
            Thread.sleep(BIND_RETRY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        pods.lookAgain(pod);
    }

    /** It waits, and says why, until something changes that may be its reason. */
    private void fitsNowhere(Pod pod, Placement.Nowhere why) {
        String uid = pod.getMetadata().getUid();
        Unplaced before = unplaced.put(uid, new Unplaced(pod, why));
        pods.giveUp(pod);
        if (before != null && before.why().equals(why)) {
            return;
        }
        api.event(pod, "Warning", "FailedScheduling", why.message());
        PodStatus waiting = new PodStatusBuilder()
                .withPhase("Pending")
                .addNewCondition()
                .withType("PodScheduled")
                .withStatus("False")
                .withReason("Unschedulable")
                .withMessage(why.message())
                .withLastTransitionTime(
                        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
                .endCondition()
                .build();
        if (api.writeStatus(pod, waiting) == PodApi.Written.FAILED) {
            unplaced.remove(uid); // so that it is said when the pod is looked at again
        }
    }

    private void offerUnplaced(boolean onlyThoseThatLookAtPods) {
        unplaced.values().stream()
                .filter(each -> !onlyThoseThatLookAtPods || each.why().mayChangeWithPods())
                .forEach(each -> pods.lookAgain(each.pod()));
    }

    private boolean bind(Pod pod, String node) {
        Binding binding = new BindingBuilder()
                .withNewMetadata()
                .withName(pod.getMetadata().getName())
                .withNamespace(pod.getMetadata().getNamespace())
                .withUid(pod.getMetadata().getUid())
                .endMetadata()
                .withNewTarget()
                .withApiVersion("v1")
                .withKind("Node")
                .withName(node)
                .endTarget()
                .build();
        String path = "/api/v1/namespaces/" + pod.getMetadata().getNamespace() + "/pods/"
                + pod.getMetadata().getName() + "/binding";
        try {
            client.raw(path, "POST", binding);
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() != NOT_FOUND) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "pod " + PodTable.key(pod) + " could not be bound: " + e.getMessage());
            }
            return false;
        }
    }

    private Map<String, String> namespaceLabels(String name) {
        Namespace namespace = client.namespaces().withName(name).get();
        Map<String, String> labels =
                namespace == null ? null : namespace.getMetadata().getLabels();
        return labels == null ? Map.of() : labels;
    }

    /** Hands out no more places. */
    @Override
    public void close() {
        queue.close();
    }
}
