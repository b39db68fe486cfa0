package io.tiphys.local.node;

import io.fabric8.kubernetes.api.model.Binding;
import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.tiphys.local.node.pod.Backoff;
import io.tiphys.local.node.pod.NodeServices;
import io.tiphys.local.node.pod.PodApi;
import io.tiphys.local.node.pod.PodFolder;
import io.tiphys.local.node.pod.PodPlace;
import io.tiphys.local.node.pod.PodProgress;
import io.tiphys.local.node.pod.PodRun;
import io.tiphys.local.node.scheduling.Placement;
import io.tiphys.local.node.scheduling.Placements;
import io.tiphys.local.node.scheduling.SchedulableNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All pods that concern this machine's nodes: hears of them from a watch, binds those that are nobody's, and gives each a {@link PodRun}. */
final class PodTable implements ResourceEventHandler<Pod>, AutoCloseable {
    private static final System.Logger LOG = System.getLogger("io.tiphys.local.node");
    private static final int NOT_FOUND = 404;
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(6);
    private static final Duration BIND_RETRY = Duration.ofMillis(500);
    private static final Duration POLL = Duration.ofMillis(10);

    private final KubernetesClient client;
    private final NodeServices services;
    private final PodQueue queue;
    private volatile boolean closed;
    private volatile Function<Pod, @Nullable Pod> current = pod -> null;
    private volatile @Nullable NodeTable nodes;
    private final Placements placements;
    private final PodAddresses addresses;
    /** Pods that fit nowhere, and what was said of them. */
    private final Map<String, Unplaced> unplaced = new ConcurrentHashMap<>();

    private final Map<String, PodRun> runs = new ConcurrentHashMap<>();
    private final Map<String, String> uids = new ConcurrentHashMap<>();
    /** Pods that this life of the node runs, has run, or has found known. */
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    private record Unplaced(Pod pod, Placement.Nowhere why) {}

    PodTable(KubernetesClient client, NodeServices services, int maxPods) {
        this.client = client;
        this.services = services;
        this.addresses = new PodAddresses(services.pods().hashCode());
        this.placements = new Placements(this::namespaceLabels);
        this.queue = new PodQueue(PodQueue.Limits.ofMachine(maxPods), this::admit);
    }

    @Override
    public void onAdd(Pod pod) {
        seen(pod);
    }

    @Override
    public void onUpdate(Pod before, Pod pod) {
        if (!before.getMetadata().getUid().equals(pod.getMetadata().getUid())) {
            onDelete(before, false);
        }
        seen(pod);
    }

    @Override
    public void onDelete(Pod pod, boolean stateUnknown) {
        String uid = pod.getMetadata().getUid();
        queue.forget(uid);
        unplaced.remove(uid);
        leave(uid);
        uids.remove(key(pod), uid);
        known.remove(uid);
        PodRun run = runs.get(uid);
        if (run != null) {
            run.gone();
        } else {
            Thread.ofVirtual().start(() -> deleteFolder(uid));
        }
    }

    private void seen(Pod pod) {
        String uid = pod.getMetadata().getUid();
        String boundTo = pod.getSpec().getNodeName();
        boolean unbound = boundTo == null || boundTo.isEmpty();
        if (!unbound && !isOurs(boundTo)) {
            return;
        }
        PodRun run = runs.get(uid);
        if (run != null) {
            run.updated(pod);
            return;
        }
        String phase = pod.getStatus() == null ? "" : pod.getStatus().getPhase();
        if ("Succeeded".equals(phase) || "Failed".equals(phase)) {
            known.add(uid);
            uids.put(key(pod), uid);
            leave(uid);
            confirmIfWaitedFor(pod);
            return;
        }
        boolean wanted = pod.getMetadata().getDeletionTimestamp() == null
                && pod.getSpec().getSchedulingGates().isEmpty();
        if (unbound && wanted) {
            if (!known.contains(uid)) {
                queue.offer(pod);
            }
        } else if (!unbound && known.add(uid)) {
            uids.put(key(pod), uid);
            Thread.ofVirtual().start(() -> takeOver(pod));
        }
    }

    /** A pod that ended just when it was asked to go. */
    private void confirmIfWaitedFor(Pod pod) {
        Long grace = pod.getMetadata().getDeletionGracePeriodSeconds();
        if (pod.getMetadata().getDeletionTimestamp() != null && grace != null && grace > 0) {
            Thread.ofVirtual().start(() -> services.api().confirmDeletion(pod));
        }
    }

    /** A pod that is bound to us but that we don't run: an earlier life of the node did, or someone else bound it. */
    private void takeOver(Pod pod) {
        int starts = pod.getStatus() == null ? 0 : LostPods.starts(pod);
        if (pod.getMetadata().getDeletionTimestamp() != null) {
            untilWritten(() -> services.api().confirmDeletion(pod));
        } else if (starts > 0 && "Never".equals(pod.getSpec().getRestartPolicy())) {
            services.api().event(pod, "Warning", "NodeLost", "The node went away while the pod ran");
            PodStatus failed = LostPods.failed(pod, Instant.now());
            untilWritten(() -> services.api().writeStatus(pod, failed));
        } else {
            placements.isOn(pod, pod.getSpec().getNodeName());
            start(pod, pod.getSpec().getNodeName(), starts, null);
        }
    }

    /** What nobody else will write is written however long the API server stays away. */
    private void untilWritten(Supplier<PodApi.Written> write) {
        Backoff backoff = new Backoff();
        try {
            while (!closed && write.get() == PodApi.Written.FAILED) {
                Thread.sleep(backoff.next());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Must not wait. */
    private void admit(PodQueue.Place place) {
        Thread.ofVirtual().name("bind-", 0).start(() -> {
            boolean running = false;
            try {
                running = bindAndStart(place);
            } catch (RuntimeException e) {
                String message = "pod " + key(place.pod()) + " could not be started";
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
        // Known first, so that the echo of the binding isn't taken for a stranger's.
        if (!known.add(pod.getMetadata().getUid())) {
            return false;
        }
        return switch (placements.place(pod, nodes())) {
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
            leave(pod.getMetadata().getUid());
            place.leave();
            lookAgain(pod);
            return false;
        }
        services.api().event(pod, "Normal", "Scheduled", "Successfully assigned " + key(pod) + " to " + node);
        start(pod, node, 0, place);
        return true;
    }

    /** It waits, and says why, until something changes that may be its reason. */
    private void fitsNowhere(Pod pod, Placement.Nowhere why) {
        String uid = pod.getMetadata().getUid();
        Unplaced before = unplaced.put(uid, new Unplaced(pod, why));
        known.remove(uid);
        if (before != null && before.why().equals(why)) {
            return;
        }
        services.api().event(pod, "Warning", "FailedScheduling", why.message());
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
        if (services.api().writeStatus(pod, waiting) == PodApi.Written.FAILED) {
            unplaced.remove(uid); // so that it is said when the pod is looked at again
        }
    }

    private void offerUnplaced(boolean onlyThoseThatLookAtPods) {
        unplaced.values().stream()
                .filter(each -> !onlyThoseThatLookAtPods || each.why().mayChangeWithPods())
                .forEach(each -> {
                    Pod now = current.apply(each.pod());
                    if (now != null) {
                        seen(now);
                    }
                });
    }

    private void leave(String uid) {
        placements.left(uid);
        offerUnplaced(true);
    }

    private boolean isOurs(String node) {
        NodeTable table = nodes;
        return table != null && table.has(node);
    }

    private List<SchedulableNode> nodes() {
        NodeTable table = nodes;
        return table == null ? List.of() : table.list();
    }

    /** Which nodes there are, from now on. */
    void setNodes(NodeTable table) {
        nodes = table;
        table.listen(new NodeTable.Listener() {
            @Override
            public void changed() {
                offerUnplaced(false);
            }

            @Override
            public void gone(String name) {
                PodTable.this.gone(name);
            }
        });
    }

    /** Of a node that is no more the pods go, too, as Kubernetes' garbage collector of pods has it. */
    void gone(String node) {
        offerUnplaced(false);
        client.pods().inAnyNamespace().withField("spec.nodeName", node).list().getItems().stream()
                .filter(pod -> !isOurs(node))
                .forEach(pod -> Thread.ofVirtual()
                        .start(() -> untilWritten(() -> services.api().confirmDeletion(pod))));
    }

    private Map<String, String> namespaceLabels(String name) {
        Namespace namespace = client.namespaces().withName(name).get();
        Map<String, String> labels =
                namespace == null ? null : namespace.getMetadata().getLabels();
        return labels == null ? Map.of() : labels;
    }

    /** The binding may or may not have come about; what the watch says in a while decides. */
    private void lookAgain(Pod pod) {
        known.remove(pod.getMetadata().getUid());
        try {
            Thread.sleep(BIND_RETRY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        Pod now = current.apply(pod);
        if (!closed
                && now != null
                && now.getMetadata().getUid().equals(pod.getMetadata().getUid())) {
            seen(now);
        }
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
                LOG.log(System.Logger.Level.WARNING, "pod " + key(pod) + " could not be bound: " + e.getMessage());
            }
            return false;
        }
    }

    private void start(Pod pod, String node, int startsBefore, PodQueue.@Nullable Place place) {
        String uid = pod.getMetadata().getUid();
        uids.put(key(pod), uid);
        boolean onHost = Boolean.TRUE.equals(pod.getSpec().getHostNetwork());
        String address = onHost ? services.address() : addresses.take();
        PodRun run = new PodRun(pod, services, new PodPlace(node, address, onHost), startsBefore, new PodProgress() {
            @Override
            public void started() {
                if (place != null) {
                    place.started();
                }
            }

            @Override
            public void ended() {
                runs.remove(uid);
                if (!onHost) {
                    addresses.giveBack(address);
                }
                leave(uid);
                if (place != null) {
                    place.leave();
                }
            }
        });
        runs.put(uid, run);
        Thread.ofVirtual().name("pod-" + pod.getMetadata().getName()).start(run);
        refresh(pod, run);
    }

    /** Catches what the watch said between the binding and the registration of the run. */
    private void refresh(Pod pod, PodRun run) {
        Pod now = current.apply(pod);
        if (now == null) {
            return;
        }
        if (!now.getMetadata().getUid().equals(pod.getMetadata().getUid())) {
            run.gone();
        } else if (now.getMetadata().getDeletionTimestamp() != null) {
            run.updated(now);
        }
    }

    /** Where the watch's latest view of a pod can be read. */
    void setCurrent(Function<Pod, @Nullable Pod> view) {
        current = view;
    }

    /** Where the logs of a pod's container lie, or null. */
    @Nullable
    Path logs(String namespace, String name, String container) {
        String uid = uids.get(namespace + "/" + name);
        return uid == null ? null : PodFolder.of(services.pods(), uid).logs(container);
    }

    int running() {
        return runs.size();
    }

    /** Deletes what pods left behind that went away while the node was down. */
    void deleteStrayFolders(Stream<Pod> existing) throws IOException {
        Set<String> uidsThere = existing.map(pod -> pod.getMetadata().getUid()).collect(Collectors.toSet());
        try (Stream<Path> folders = Files.list(services.pods())) {
            for (Path folder : folders.toList()) {
                if (!uidsThere.contains(folder.getFileName().toString())) {
                    new PodFolder(folder).delete();
                }
            }
        }
    }

    private void deleteFolder(String uid) {
        try {
            PodFolder.of(services.pods(), uid).delete();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "the folder of pod " + uid + " could not be deleted", e);
        }
    }

    private static String key(Pod pod) {
        return pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName();
    }

    @Override
    public void close() {
        closed = true;
        queue.close();
        runs.values().forEach(PodRun::closing);
        Instant limit = Instant.now().plus(CLOSE_LIMIT);
        try {
            while (!runs.isEmpty() && Instant.now().isBefore(limit)) {
                Thread.sleep(POLL);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
