package io.tiphys.controller.kube;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.tiphys.api.Workflow;
import io.tiphys.cluster.RawRequests;
import io.tiphys.messages.Shards;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches Workflows and pods of the shards that this replica owns, and Workflows without the label that says their shard: those are
 * told to the shard that they belong to, which labels them when it writes to them. Shards that come together, or that start over
 * together, are watched together, from then on by nobody else: what there is at first is told all at once, and shards that were there
 * before go on as if nothing had happened.
 */
public final class Watches implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watches.class);

    private static final Duration GATHERING = Duration.ofMillis(100);

    /** Who is told. Called on threads of the client; must not block. */
    public interface Listener {
        void workflowSeen(int shard, Workflow workflow, int generation);

        void workflowGone(int shard, Workflow workflow);

        void podSeen(int shard, PodObservation pod, int generation);

        void podGone(int shard, PodObservation pod);

        /** All that there is in the shard, told once per generation of its watches. */
        void synced(int shard, List<Workflow> workflows, List<PodObservation> pods, int generation);
    }

    private static final String WORKFLOWS = "/apis/argoproj.io/v1alpha1/workflows";
    private static final String PODS = "/api/v1/pods";

    private final RawRequests requests;
    private final String instance;
    private final int shards;
    private final Listener listener;
    private final MeterRegistry metrics;
    private final Newcomers newcomers;
    private final Map<Integer, Group> groups = new HashMap<>();
    private final Set<Group> running = new HashSet<>();
    private final Set<Integer> startingOver = new TreeSet<>();
    private int generation;
    private boolean closed;

    /**
     * Watches workflows without a shard; {@link #watch} adds the others.
     *
     * @param shards how many there are in all
     */
    public Watches(KubernetesClient client, Instance instance, int shards, Listener listener, MeterRegistry metrics) {
        this.requests = new RawRequests(client);
        this.instance = instance.selector();
        this.shards = shards;
        this.listener = listener;
        this.metrics = metrics;
        this.newcomers = new Newcomers(unlabelled(), requests, new OfNewcomers(), metrics);
    }

    /** Watches exactly these shards from now on; those that were watched before are not disturbed. */
    public synchronized void watch(Set<Integer> shardNumbers) {
        groups.keySet().retainAll(shardNumbers);
        closeUnused();
        Set<Integer> gained = new TreeSet<>(shardNumbers);
        gained.removeAll(groups.keySet());
        begin(gained);
    }

    /** Tells everything about a shard again, for one that starts over; with others that do so at the same time. */
    public synchronized void again(int shard) {
        again(Set.of(shard));
    }

    private synchronized void again(Set<Integer> shardNumbers) {
        boolean isFirst = startingOver.isEmpty();
        startingOver.addAll(shardNumbers);
        if (isFirst) {
            Thread.ofVirtual().name("watch-again").start(this::beginAgain);
        }
    }

    private void beginAgain() {
        try {
            Thread.sleep(GATHERING);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        synchronized (this) {
            startingOver.retainAll(groups.keySet()); // others went elsewhere meanwhile
            begin(new TreeSet<>(startingOver));
            startingOver.clear();
        }
    }

    private void begin(Set<Integer> together) {
        if (together.isEmpty() || closed) {
            return;
        }
        generation++;
        Group group = new Group(generation, together);
        running.add(group);
        together.forEach(shard -> groups.put(shard, group));
        closeUnused();
    }

    private void closeUnused() {
        for (Group group : Set.copyOf(running)) {
            if (!groups.containsValue(group)) {
                running.remove(group);
                group.close();
            }
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        newcomers.close();
        groups.clear();
        closeUnused();
    }

    private String selector(Set<Integer> shardNumbers) {
        String selector = shardNumbers.size() == shards
                ? Shards.LABEL
                : shardNumbers.stream()
                        .map(String::valueOf)
                        .collect(Collectors.joining(",", Shards.LABEL + " in (", ")"));
        return "?labelSelector=" + RawRequests.encoded(selector + "," + instance) + "&";
    }

    private String unlabelled() {
        return WORKFLOWS + "?labelSelector=" + RawRequests.encoded("!" + Shards.LABEL + "," + instance) + "&";
    }

    private synchronized void synced(Group group, List<Workflow> workflows, List<PodObservation> pods) {
        Map<String, Workflow> byUid = new LinkedHashMap<>();
        workflows.forEach(workflow -> byUid.put(workflow.getMetadata().getUid(), workflow));
        Map<Integer, List<Workflow>> workflowsOf = new HashMap<>();
        Map<Integer, List<PodObservation>> podsOf = new HashMap<>();
        for (Workflow workflow : byUid.values()) {
            ifShard(
                    workflow,
                    shard -> workflowsOf
                            .computeIfAbsent(shard, _ -> new ArrayList<>())
                            .add(workflow));
        }
        for (PodObservation pod : pods) {
            ifShard(
                    pod.facts().podName(),
                    pod.labels(),
                    shard -> podsOf.computeIfAbsent(shard, _ -> new ArrayList<>())
                            .add(pod));
        }
        for (int shard : group.together) {
            if (group.equals(groups.get(shard))) {
                listener.synced(
                        shard,
                        workflowsOf.getOrDefault(shard, List.of()),
                        podsOf.getOrDefault(shard, List.of()),
                        group.number);
            }
        }
        group.isSynced = true;
        newcomers.tellAgain();
    }

    /** News of workflows without a label; of what a group has listed since they say nothing. */
    private final class OfNewcomers implements Newcomers.Listener {
        @Override
        public void seen(Workflow workflow) {
            synchronized (Watches.this) {
                int shard = Shards.of(workflow.getMetadata().getUid(), shards);
                Group group = groups.get(shard);
                if (group == null || !group.isSynced) {
                    return; // told by the list that is to come
                }
                String version = workflow.getMetadata().getResourceVersion();
                if (!ResourceVersions.isLater(group.since, version)) {
                    listener.workflowSeen(shard, workflow, group.number);
                }
            }
        }

        @Override
        public void gone(Workflow workflow) {
            synchronized (Watches.this) {
                int shard = Shards.of(workflow.getMetadata().getUid(), shards);
                if (groups.containsKey(shard)) {
                    listener.workflowGone(shard, workflow);
                }
            }
        }

        @Override
        public void isLost(Workflow workflow) {
            again(Shards.of(workflow.getMetadata().getUid(), shards));
        }

        @Override
        public boolean isOurs(Workflow workflow) {
            synchronized (Watches.this) {
                return groups.containsKey(Shards.of(workflow.getMetadata().getUid(), shards));
            }
        }
    }

    /** Of a shard that others watch by now nothing counts any more: what these say could be outdated. */
    private synchronized void tell(Group group, int shard, Runnable news) {
        if (group.equals(groups.get(shard))) {
            news.run();
        }
    }

    /** By its label; without one by its uid. */
    private void ifShard(Workflow workflow, IntConsumer action) {
        ObjectMeta meta = workflow.getMetadata();
        if (meta.getLabels() == null || !meta.getLabels().containsKey(Shards.LABEL)) {
            action.accept(Shards.of(meta.getUid(), shards));
        } else {
            ifShard(meta.getName(), meta.getLabels(), action);
        }
    }

    private static void ifShard(String name, @Nullable Map<String, String> labels, IntConsumer action) {
        String label = labels == null ? null : labels.get(Shards.LABEL);
        if (label == null) {
            return;
        }
        int shard;
        try {
            shard = Integer.parseInt(label);
        } catch (NumberFormatException e) {
            LOG.warn("{} has the label {}={}, which is no shard", name, Shards.LABEL, label);
            return;
        }
        action.accept(shard);
    }

    /** The watches of some shards; told together when both have told all, told anew when one of them has missed something. */
    private final class Group {
        private final int number;
        private final Set<Integer> together;
        private final CompletableFuture<List<Workflow>> allWorkflows = new CompletableFuture<>();
        private final CompletableFuture<List<PodObservation>> allPods = new CompletableFuture<>();
        private final ListWatch<Workflow> workflows;
        private final ListWatch<PodObservation> pods;
        private volatile String since = "";
        private boolean isSynced;

        Group(int number, Set<Integer> together) {
            this.number = number;
            this.together = together;
            String selector = selector(together);
            var _ = allWorkflows.thenAcceptBoth(allPods, (seen, podsSeen) -> synced(this, seen, podsSeen));
            workflows = new ListWatch<>( // a workflow that is labelled in between is in the second list
                    "workflows",
                    List.of(unlabelled()),
                    WORKFLOWS + selector,
                    requests,
                    new WorkflowReader(),
                    new Workflows(),
                    metrics);
            pods = new ListWatch<>("pods", PODS + selector, requests, PodReader::read, new Pods(), metrics);
        }

        /** Those of its shards that it still watches. */
        private void startOver() {
            synchronized (Watches.this) {
                again(together.stream()
                        .filter(shard -> equals(groups.get(shard)))
                        .collect(Collectors.toSet()));
            }
        }

        void close() {
            workflows.close();
            pods.close();
        }

        private final class Workflows implements ListWatch.Listener<Workflow> {
            @Override
            public void listed(List<Workflow> all, String version) {
                since = since.isEmpty() ? version : since;
                if (!allWorkflows.complete(all)) {
                    startOver();
                }
            }

            @Override
            public void seen(Workflow workflow) {
                newcomers.isLabelled(workflow);
                ifShard(
                        workflow,
                        shard -> tell(Group.this, shard, () -> listener.workflowSeen(shard, workflow, number)));
            }

            @Override
            public void gone(Workflow workflow) {
                if (newcomers.hasLostItsLabel(workflow)) {
                    return;
                }
                ifShard(workflow, shard -> tell(Group.this, shard, () -> listener.workflowGone(shard, workflow)));
            }
        }

        private final class Pods implements ListWatch.Listener<PodObservation> {
            @Override
            public void listed(List<PodObservation> all, String version) {
                if (!allPods.complete(all)) {
                    startOver();
                }
            }

            @Override
            public void seen(PodObservation pod) {
                ifShard(
                        pod.facts().podName(),
                        pod.labels(),
                        shard -> tell(Group.this, shard, () -> listener.podSeen(shard, pod, number)));
            }

            @Override
            public void gone(PodObservation pod) {
                ifShard(
                        pod.facts().podName(),
                        pod.labels(),
                        shard -> tell(Group.this, shard, () -> listener.podGone(shard, pod)));
            }
        }
    }
}
