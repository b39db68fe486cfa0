package io.tiphys.controller.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.tiphys.api.Workflow;
import io.tiphys.messages.Shards;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches Workflows and pods of the shards that this replica owns, and Workflows that belong to no shard yet. A change of
 * shards starts a new generation of watches; what they find at first is told all at once. Until they have found it the
 * earlier ones go on, so that shards that were there before miss nothing meanwhile.
 */
public final class Watches implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watches.class);

    /** Who is told. Called on threads of the client; must not block. */
    public interface Listener {
        void workflowSeen(int shard, Workflow workflow, int generation);

        void workflowGone(int shard, Workflow workflow);

        void podSeen(int shard, PodObservation pod, int generation);

        void podGone(int shard, PodObservation pod);

        /** All that there is in the shards, told once per generation. */
        void synced(int shard, List<Workflow> workflows, List<PodObservation> pods, int generation);

        /** A workflow without the label that says its shard. */
        void unlabelled(Workflow workflow);
    }

    private final KubernetesClient client;
    private final int shards;
    private final Listener listener;
    private final SharedIndexInformer<Workflow> newcomers;
    private Set<Integer> owned = Set.of();
    private List<SharedIndexInformer<?>> running = List.of();
    private List<SharedIndexInformer<?>> outgoing = List.of();
    private int generation;
    private int syncedGeneration;

    /**
     * Watches workflows without a shard; {@link #watch} adds the others.
     *
     * @param shards how many there are in all
     */
    public Watches(KubernetesClient client, int shards, Listener listener) {
        this.client = client;
        this.shards = shards;
        this.listener = listener;
        this.newcomers = client.resources(Workflow.class)
                .inAnyNamespace()
                .withoutLabel(Shards.LABEL)
                .runnableInformer(0);
        newcomers.addEventHandler(new Handler<>(listener::unlabelled, _ -> {}));
        newcomers.exceptionHandler((isStarted, failure) -> retried("workflows without a shard", failure));
        newcomers.start();
    }

    /** Watches these shards from now on; in a new generation, if there are new ones among them. */
    public synchronized void watch(Set<Integer> shardNumbers) {
        boolean isMore = !owned.containsAll(shardNumbers);
        owned = new TreeSet<>(shardNumbers);
        if (owned.isEmpty()) {
            generation++;
            stopAll();
        } else if (isMore) {
            begin();
        }
    }

    private void begin() {
        generation++;
        if (outgoing.isEmpty()) {
            outgoing = running; // the last ones that have told all
        } else {
            running.forEach(SharedIndexInformer::stop);
        }
        int current = generation;
        SharedIndexInformer<Workflow> workflows =
                ofOwned(client.resources(Workflow.class).inAnyNamespace()).runnableInformer(0);
        SharedIndexInformer<Pod> pods = ofOwned(client.pods().inAnyNamespace()).runnableInformer(0);
        workflows.addEventHandler(new Handler<>(
                workflow -> tell(current, workflow, shard -> listener.workflowSeen(shard, workflow, current)),
                workflow -> tell(current, workflow, shard -> listener.workflowGone(shard, workflow))));
        pods.addEventHandler(new Handler<>(
                pod -> PodObservation.of(pod)
                        .ifPresent(seen -> tell(current, pod, shard -> listener.podSeen(shard, seen, current))),
                pod -> PodObservation.of(pod)
                        .ifPresent(seen -> tell(current, pod, shard -> listener.podGone(shard, seen)))));
        workflows.exceptionHandler((isStarted, failure) -> retried("workflows", failure));
        pods.exceptionHandler((isStarted, failure) -> retried("pods", failure));
        running = List.of(workflows, pods);
        var _ = CompletableFuture.allOf(
                        workflows.start().toCompletableFuture(), pods.start().toCompletableFuture())
                .thenRun(() -> synced(workflows, pods, current));
    }

    /** Tells everything again, in a new generation: for a shard that starts over. */
    public synchronized void again() {
        if (!owned.isEmpty()) {
            begin();
        }
    }

    @Override
    public synchronized void close() {
        newcomers.stop();
        stopAll();
    }

    private void stopAll() {
        running.forEach(SharedIndexInformer::stop);
        outgoing.forEach(SharedIndexInformer::stop);
        running = List.of();
        outgoing = List.of();
    }

    /** Of watches whose successors have told all nothing counts any more: what they say could be outdated. */
    private synchronized void tell(int ofGeneration, HasMetadata object, Consumer<Integer> action) {
        if (ofGeneration >= syncedGeneration) {
            ifOwned(object, action);
        }
    }

    private synchronized void synced(
            SharedIndexInformer<Workflow> workflows, SharedIndexInformer<Pod> pods, int finished) {
        if (finished != generation) {
            return;
        }
        syncedGeneration = finished;
        outgoing.forEach(SharedIndexInformer::stop);
        outgoing = List.of();
        Map<Integer, List<Workflow>> workflowsOf = new HashMap<>();
        Map<Integer, List<PodObservation>> podsOf = new HashMap<>();
        for (Workflow workflow : workflows.getStore().list()) {
            ifOwned(
                    workflow,
                    shard -> workflowsOf
                            .computeIfAbsent(shard, _ -> new ArrayList<>())
                            .add(workflow));
        }
        for (Pod pod : pods.getStore().list()) {
            ifOwned(
                    pod,
                    shard -> PodObservation.of(pod)
                            .ifPresent(seen -> podsOf.computeIfAbsent(shard, _ -> new ArrayList<>())
                                    .add(seen)));
        }
        for (int shard : owned) {
            listener.synced(
                    shard, workflowsOf.getOrDefault(shard, List.of()), podsOf.getOrDefault(shard, List.of()), finished);
        }
        newcomers.getStore().list().forEach(listener::unlabelled);
    }

    private <T extends HasMetadata, L, R extends Resource<T>> FilterWatchListDeletable<T, L, R> ofOwned(
            FilterWatchListDeletable<T, L, R> all) {
        if (owned.size() == shards) {
            return all.withLabel(Shards.LABEL);
        }
        return all.withLabelIn(Shards.LABEL, owned.stream().map(String::valueOf).toArray(String[]::new));
    }

    private static void ifOwned(HasMetadata object, Consumer<Integer> action) {
        Map<String, String> labels = object.getMetadata().getLabels();
        String label = labels == null ? null : labels.get(Shards.LABEL);
        if (label == null) {
            return;
        }
        try {
            action.accept(Integer.valueOf(label));
        } catch (NumberFormatException e) {
            LOG.warn(
                    "{} has the label {}={}, which is no shard",
                    object.getMetadata().getName(),
                    Shards.LABEL,
                    label);
        }
    }

    private static boolean retried(String what, Throwable failure) {
        LOG.warn("watch of {} failed and is tried again: {}", what, failure.toString());
        return true;
    }

    private record Handler<T>(Consumer<T> seen, Consumer<T> gone) implements ResourceEventHandler<T> {
        @Override
        public void onAdd(T object) {
            seen.accept(object);
        }

        @Override
        public void onUpdate(T before, T object) {
            seen.accept(object);
        }

        @Override
        public void onDelete(T object, boolean isFinalStateUnknown) {
            gone.accept(object);
        }
    }
}
