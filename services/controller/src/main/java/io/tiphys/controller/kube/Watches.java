package io.tiphys.controller.kube;

import com.fasterxml.jackson.core.JsonParser;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Workflow;
import io.tiphys.messages.Shards;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
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

    private static final String WORKFLOWS = "/apis/argoproj.io/v1alpha1/workflows";
    private static final String PODS = "/api/v1/pods";

    private final RawRequests requests;
    private final String instance;
    private final int shards;
    private final Listener listener;
    private final MeterRegistry metrics;
    private final ListWatch<Workflow> newcomers;
    private final Map<String, Workflow> unlabelled = new ConcurrentHashMap<>();
    private Set<Integer> owned = Set.of();
    private @Nullable Generation current;
    private @Nullable Generation outgoing;
    private int generation;
    private int syncedGeneration;

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
        this.newcomers = new ListWatch<>(
                "workflows without a shard",
                WORKFLOWS + "?labelSelector=" + RawRequests.encoded("!" + Shards.LABEL + "," + this.instance) + "&",
                requests,
                Watches::readWorkflow,
                new Newcomers(),
                metrics);
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
        Generation last = current;
        if (outgoing == null) {
            outgoing = last; // the last one that has told all
        } else if (last != null) {
            last.close();
        }
        current = new Generation(generation, selector());
    }

    /** Tells everything again, in a new generation: for a shard that starts over. */
    public synchronized void again() {
        if (!owned.isEmpty()) {
            begin();
        }
    }

    private synchronized void again(int outdated) {
        if (outdated == generation) {
            again();
        }
    }

    @Override
    public synchronized void close() {
        newcomers.close();
        stopAll();
    }

    private void stopAll() {
        for (Generation each : Arrays.asList(current, outgoing)) {
            if (each != null) {
                each.close();
            }
        }
        current = null;
        outgoing = null;
    }

    /** Of watches whose successors have told all nothing counts any more: what they say could be outdated. */
    private synchronized void tell(int ofGeneration, Runnable news) {
        if (ofGeneration >= syncedGeneration) {
            news.run();
        }
    }

    private String selector() {
        String selector = owned.size() == shards
                ? Shards.LABEL
                : owned.stream().map(String::valueOf).collect(Collectors.joining(",", Shards.LABEL + " in (", ")"));
        return "?labelSelector=" + RawRequests.encoded(selector + "," + instance) + "&";
    }

    private synchronized void synced(int finished, List<Workflow> workflows, List<PodObservation> pods) {
        if (finished != generation) {
            return;
        }
        syncedGeneration = finished;
        if (outgoing != null) {
            outgoing.close();
            outgoing = null;
        }
        Map<Integer, List<Workflow>> workflowsOf = new HashMap<>();
        Map<Integer, List<PodObservation>> podsOf = new HashMap<>();
        for (Workflow workflow : workflows) {
            ifShard(
                    workflow.getMetadata().getName(),
                    workflow.getMetadata().getLabels(),
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
        for (int shard : owned) {
            listener.synced(
                    shard, workflowsOf.getOrDefault(shard, List.of()), podsOf.getOrDefault(shard, List.of()), finished);
        }
        unlabelled.values().forEach(listener::unlabelled);
    }

    private static Watched<Workflow> readWorkflow(JsonParser json) throws IOException {
        Workflow workflow = ApiJson.mapper().readValue(json, Workflow.class);
        ObjectMeta meta = workflow.getMetadata();
        boolean isWhole = meta != null && meta.getUid() != null; // a bookmark isn't
        String version = meta == null || meta.getResourceVersion() == null ? "" : meta.getResourceVersion();
        return new Watched<>(version, isWhole ? workflow : null);
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

    /** The watches of one set of shards; told together when both have told all, told anew when one of them has missed something. */
    private final class Generation {
        private final int number;
        private final CompletableFuture<List<Workflow>> allWorkflows = new CompletableFuture<>();
        private final CompletableFuture<List<PodObservation>> allPods = new CompletableFuture<>();
        private final ListWatch<Workflow> workflows;
        private final ListWatch<PodObservation> pods;

        Generation(int number, String selector) {
            this.number = number;
            var _ = allWorkflows.thenAcceptBoth(allPods, (seen, podsSeen) -> synced(number, seen, podsSeen));
            workflows = new ListWatch<>(
                    "workflows", WORKFLOWS + selector, requests, Watches::readWorkflow, new Workflows(), metrics);
            pods = new ListWatch<>("pods", PODS + selector, requests, PodReader::read, new Pods(), metrics);
        }

        void close() {
            workflows.close();
            pods.close();
        }

        private final class Workflows implements ListWatch.Listener<Workflow> {
            @Override
            public void listed(List<Workflow> all) {
                if (!allWorkflows.complete(all)) {
                    again(number);
                }
            }

            @Override
            public void seen(Workflow workflow) {
                ifShard(
                        workflow.getMetadata().getName(),
                        workflow.getMetadata().getLabels(),
                        shard -> tell(number, () -> listener.workflowSeen(shard, workflow, number)));
            }

            @Override
            public void gone(Workflow workflow) {
                ifShard(
                        workflow.getMetadata().getName(),
                        workflow.getMetadata().getLabels(),
                        shard -> tell(number, () -> listener.workflowGone(shard, workflow)));
            }
        }

        private final class Pods implements ListWatch.Listener<PodObservation> {
            @Override
            public void listed(List<PodObservation> all) {
                if (!allPods.complete(all)) {
                    again(number);
                }
            }

            @Override
            public void seen(PodObservation pod) {
                ifShard(
                        pod.facts().podName(),
                        pod.labels(),
                        shard -> tell(number, () -> listener.podSeen(shard, pod, number)));
            }

            @Override
            public void gone(PodObservation pod) {
                ifShard(pod.facts().podName(), pod.labels(), shard -> tell(number, () -> listener.podGone(shard, pod)));
            }
        }
    }

    /** Workflows that no replica has labelled yet; kept until one has, as this one may come to own their shard. */
    private final class Newcomers implements ListWatch.Listener<Workflow> {
        @Override
        public void listed(List<Workflow> all) {
            unlabelled.clear();
            all.forEach(this::seen);
        }

        @Override
        public void seen(Workflow workflow) {
            unlabelled.put(workflow.getMetadata().getUid(), workflow);
            listener.unlabelled(workflow);
        }

        @Override
        public void gone(Workflow workflow) {
            unlabelled.remove(workflow.getMetadata().getUid());
        }
    }
}
