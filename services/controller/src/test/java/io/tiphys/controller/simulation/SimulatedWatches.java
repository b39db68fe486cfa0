package io.tiphys.controller.simulation;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.tiphys.api.Workflow;
import io.tiphys.controller.kube.PodObservation;
import io.tiphys.controller.kube.PodObservations;
import io.tiphys.controller.kube.Watches;
import io.tiphys.messages.Shards;
import io.tiphys.testkit.simulator.Dice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;

/**
 * {@link Watches} as its informers behave: a list that is old by the time it is told, then changes, late and in order, but for the
 * gaps, after which only what became of each object is told.
 */
final class SimulatedWatches {
    private static final Duration LONGEST_LIST = Duration.ofMillis(400);
    private static final Duration LONGEST_LAG = Duration.ofMillis(150);
    private static final Duration LONGEST_GAP = Duration.ofSeconds(40);

    /** What one informer knows, and how far it has followed. */
    private final class Informer<T extends HasMetadata> {
        private final SimulatedCluster.Kind<T> kind;
        private final BiConsumer<T, Boolean> told;
        private final Set<Integer> shards;
        private final Map<String, T> store = new LinkedHashMap<>();
        private int position;
        private int listedAt;
        private boolean awake;
        private boolean inGap;
        private boolean listed;
        private boolean stopped;

        Informer(SimulatedCluster.Kind<T> kind, Set<Integer> shards, BiConsumer<T, Boolean> told) {
            this.kind = kind;
            this.shards = shards;
            this.told = told;
        }

        /** Reads all there is now, and tells it a while later. */
        void start(Runnable started) {
            List<T> list = kind.list().stream().filter(this::isOurs).toList();
            position = kind.version();
            listedAt = position;
            world.time.after(dice.upTo(LONGEST_LIST), () -> {
                if (stopped || !isAlive.getAsBoolean()) {
                    return;
                }
                listed = true;
                list.forEach(object -> store.put(object.getMetadata().getName(), object));
                if (dice.coin()) {
                    list.forEach(object -> told.accept(object, false));
                    started.run();
                } else {
                    started.run(); // its handlers run on a thread of their own
                    list.forEach(object -> told.accept(object, false));
                }
                wakeUp();
            });
        }

        boolean isOurs(T object) {
            return shardOf(object).stream().anyMatch(shards::contains);
        }

        boolean isBehind() {
            return !stopped && (!listed || position < kind.version());
        }

        void wakeUp() {
            if (awake || stopped || !listed || position >= kind.version()) {
                return;
            }
            awake = true;
            boolean gap = world.fails(100);
            world.time.after(dice.upTo(gap ? LONGEST_GAP : LONGEST_LAG), () -> {
                awake = false;
                inGap |= gap;
                if (!stopped && isAlive.getAsBoolean()) {
                    follow();
                    wakeUp();
                }
            });
        }

        private void follow() {
            if (inGap) {
                inGap = false;
                world.note(() -> replica + " lists again after a gap of its watch");
                relist();
                return;
            }
            for (int most = dice.between(1, 5); most > 0 && position < kind.version(); most--) {
                SimulatedCluster.Change<T> change = kind.at(position++);
                if (isOurs(change.object()) && !isNewcomer(change.object())) { // those have a watch of their own
                    take(change.object(), change.isGone());
                }
            }
        }

        private void take(T object, boolean isGone) {
            if (isGone) {
                store.remove(object.getMetadata().getName());
            } else {
                store.put(object.getMetadata().getName(), object);
            }
            told.accept(object, isGone);
        }

        /** A successor of the same name takes an object's place without a word about its end. */
        private void relist() {
            Map<String, T> now = new LinkedHashMap<>();
            kind.list().stream()
                    .filter(this::isOurs)
                    .forEach(object -> now.put(object.getMetadata().getName(), object));
            position = kind.version();
            for (T known : List.copyOf(store.values())) {
                if (!now.containsKey(known.getMetadata().getName())) {
                    take(known, true);
                }
            }
            now.forEach((name, object) -> {
                T known = store.get(name);
                if (known == null
                        || !known.getMetadata()
                                .getResourceVersion()
                                .equals(object.getMetadata().getResourceVersion())) {
                    take(object, false);
                }
            });
        }
    }

    private final World world;
    private final SimulatedCluster cluster;
    private final String replica;
    private final Dice dice;
    private final BooleanSupplier isAlive;
    private final Watches.Listener listener;
    private Set<Integer> owned = Set.of();
    private List<Informer<?>> running = List.of();
    private List<Informer<?>> outgoing = List.of();
    private int generation;
    private int syncedGeneration;
    private int workflowsListedAt;

    SimulatedWatches(
            World world,
            SimulatedCluster cluster,
            String replica,
            Dice dice,
            BooleanSupplier isAlive,
            Watches.Listener listener) {
        this.world = world;
        this.cluster = cluster;
        this.replica = replica;
        this.dice = dice;
        this.isAlive = isAlive;
        this.listener = listener;
        cluster.workflows.onChange((workflow, isGone) -> {
            wakeUp();
            if (isNewcomer(workflow) && isAlive.getAsBoolean()) {
                world.time.after(dice.upTo(LONGEST_LAG), () -> newcomer(workflow, isGone));
            }
        });
        cluster.pods.onChange((pod, isGone) -> wakeUp());
    }

    /** Watches these shards from now on; in a new generation, if there are new ones among them. */
    void watch(Set<Integer> shards) {
        boolean isMore = !owned.containsAll(shards);
        owned = Set.copyOf(shards);
        if (owned.isEmpty()) {
            generation++;
            stop();
        } else if (isMore) {
            again();
        }
    }

    /** Tells everything again; until it has been told the earlier watches go on. */
    void again() {
        if (owned.isEmpty()) {
            return;
        }
        generation++;
        if (outgoing.isEmpty()) {
            outgoing = running; // the last ones that have told all
        } else {
            running.forEach(informer -> informer.stopped = true);
        }
        int current = generation;
        Informer<Workflow> workflows = new Informer<>(cluster.workflows, owned, (workflow, isGone) -> {
            int shard = shardOf(workflow).orElseThrow();
            if (current < syncedGeneration) {
                return;
            }
            if (isGone) {
                listener.workflowGone(shard, workflow);
            } else {
                listener.workflowSeen(shard, workflow, current);
            }
        });
        Informer<Pod> pods = new Informer<>(
                cluster.pods,
                owned,
                (pod, isGone) -> PodObservations.of(pod).ifPresent(seen -> {
                    int shard = shardOf(pod).orElseThrow();
                    if (current < syncedGeneration) {
                        return;
                    }
                    if (isGone) {
                        listener.podGone(shard, seen);
                    } else {
                        listener.podSeen(shard, seen, current);
                    }
                }));
        running = List.of(workflows, pods);
        workflows.start(() -> synced(workflows, pods, current));
        pods.start(() -> synced(workflows, pods, current));
    }

    /** Whether everything that happened has been told. */
    boolean isUpToDate() {
        return owned.isEmpty()
                || (syncedGeneration == generation && running.stream().noneMatch(Informer::isBehind));
    }

    void stop() {
        outgoing.forEach(informer -> informer.stopped = true);
        running.forEach(informer -> informer.stopped = true);
        outgoing = List.of();
        running = List.of();
    }

    private void synced(Informer<Workflow> ofWorkflows, Informer<Pod> ofPods, int finished) {
        if (finished != generation || !ofWorkflows.listed || !ofPods.listed || finished == syncedGeneration) {
            return;
        }
        syncedGeneration = finished;
        workflowsListedAt = ofWorkflows.listedAt;
        outgoing.forEach(informer -> informer.stopped = true);
        outgoing = List.of();
        Map<Integer, List<Workflow>> workflowsOf = new HashMap<>();
        Map<Integer, List<PodObservation>> podsOf = new HashMap<>();
        ofWorkflows
                .store
                .values()
                .forEach(workflow -> workflowsOf
                        .computeIfAbsent(shardOf(workflow).orElseThrow(), _ -> new ArrayList<>())
                        .add(workflow));
        ofPods.store
                .values()
                .forEach(pod -> PodObservations.of(pod)
                        .ifPresent(seen -> podsOf.computeIfAbsent(shardOf(pod).orElseThrow(), _ -> new ArrayList<>())
                                .add(seen)));
        owned.stream()
                .sorted()
                .forEach(shard -> listener.synced(
                        shard,
                        workflowsOf.getOrDefault(shard, List.of()),
                        podsOf.getOrDefault(shard, List.of()),
                        finished));
        cluster.workflows.list().stream()
                .filter(SimulatedWatches::isNewcomer)
                .forEach(workflow -> newcomer(workflow, false));
    }

    /** Tells, on a watch of its own, of a workflow that has no label yet. */
    private void newcomer(Workflow workflow, boolean isGone) {
        int shard = shardOf(workflow).orElseThrow();
        if (!isAlive.getAsBoolean() || !owned.contains(shard) || generation != syncedGeneration) {
            return; // it is in the list that is to come
        }
        if (isGone) {
            listener.workflowGone(shard, workflow);
        } else if (version(workflow) > workflowsListedAt) {
            listener.workflowSeen(shard, workflow, syncedGeneration);
        }
    }

    private static int version(Workflow workflow) {
        return Integer.parseInt(workflow.getMetadata().getResourceVersion());
    }

    private static boolean isNewcomer(HasMetadata object) {
        Map<String, String> labels = object.getMetadata().getLabels();
        return labels == null || !labels.containsKey(Shards.LABEL);
    }

    private void wakeUp() {
        outgoing.forEach(Informer::wakeUp);
        running.forEach(Informer::wakeUp);
    }

    /** By its label; a workflow without one by its uid. */
    static OptionalInt shardOf(HasMetadata object) {
        Map<String, String> labels = object.getMetadata().getLabels();
        String label = labels == null ? null : labels.get(Shards.LABEL);
        if (label != null) {
            return OptionalInt.of(Integer.parseInt(label));
        }
        return object instanceof Workflow
                ? OptionalInt.of(Shards.of(object.getMetadata().getUid(), World.SHARDS))
                : OptionalInt.empty();
    }
}
