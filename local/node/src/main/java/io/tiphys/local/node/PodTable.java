package io.tiphys.local.node;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.tiphys.local.node.pod.Backoff;
import io.tiphys.local.node.pod.NodeServices;
import io.tiphys.local.node.pod.PodApi;
import io.tiphys.local.node.pod.PodFolder;
import io.tiphys.local.node.pod.PodPlace;
import io.tiphys.local.node.pod.PodProgress;
import io.tiphys.local.node.pod.PodRun;
import io.tiphys.local.node.scheduling.SchedulableNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All pods that concern this machine's nodes: hears of them from a watch, hands those that are nobody's to the {@link PodScheduler}, and
 * gives each a {@link PodRun}.
 */
final class PodTable implements ResourceEventHandler<Pod>, AutoCloseable {
    private static final System.Logger LOG = System.getLogger("io.tiphys.local.node");
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(6);
    private static final Duration POLL = Duration.ofMillis(10);

    private final KubernetesClient client;
    private final NodeServices services;
    private final PodScheduler scheduler;
    private volatile boolean closed;
    private volatile Function<Pod, @Nullable Pod> current = pod -> null;
    private volatile @Nullable NodeTable nodes;
    private final PodAddresses addresses;
    private final Map<String, PodRun> runs = new ConcurrentHashMap<>();
    private final Map<String, String> uids = new ConcurrentHashMap<>();
    /** Pods that this life of the node runs, has run, or has found known. */
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    PodTable(KubernetesClient client, NodeServices services, int maxPods) {
        this.client = client;
        this.services = services;
        this.addresses = new PodAddresses(services.pods().hashCode());
        this.scheduler = new PodScheduler(client, services.api(), new Wanted(), this::nodes, maxPods);
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
        scheduler.forget(uid);
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
            scheduler.left(uid);
            confirmIfWaitedFor(pod);
            return;
        }
        boolean wanted = pod.getMetadata().getDeletionTimestamp() == null
                && pod.getSpec().getSchedulingGates().isEmpty();
        if (unbound && wanted) {
            if (!known.contains(uid)) {
                scheduler.offer(pod);
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
            scheduler.isOn(pod, pod.getSpec().getNodeName());
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
                scheduler.nodesChanged();
            }

            @Override
            public void gone(String name) {
                PodTable.this.gone(name);
            }
        });
    }

    /** Of a node that is no more the pods go, too, as Kubernetes' garbage collector of pods has it. */
    void gone(String node) {
        scheduler.nodesChanged();
        client.pods().inAnyNamespace().withField("spec.nodeName", node).list().getItems().stream()
                .filter(pod -> !isOurs(node))
                .forEach(pod -> Thread.ofVirtual()
                        .start(() -> untilWritten(() -> services.api().confirmDeletion(pod))));
    }

    /** What becomes of pods that the scheduler deals with. */
    private final class Wanted implements PodScheduler.Pods {
        @Override
        public boolean take(Pod pod) {
            return known.add(pod.getMetadata().getUid());
        }

        @Override
        public void giveUp(Pod pod) {
            known.remove(pod.getMetadata().getUid());
        }

        @Override
        public void start(Pod pod, String node, PodQueue.Place place) {
            PodTable.this.start(pod, node, 0, place);
        }

        @Override
        public void lookAgain(Pod pod) {
            Pod now = current.apply(pod);
            if (!closed
                    && now != null
                    && now.getMetadata().getUid().equals(pod.getMetadata().getUid())) {
                seen(now);
            }
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
                scheduler.left(uid);
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

    static String key(Pod pod) {
        return pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName();
    }

    @Override
    public void close() {
        closed = true;
        scheduler.close();
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
