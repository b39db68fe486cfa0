package io.tiphys.local.node;

import io.fabric8.kubernetes.api.model.Pod;
import io.tiphys.local.node.pod.MachineMemory;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Pods that wait for a place on the node: by priority, then in the order of their arrival. Pods with a sidecar (the executor: a Java
 * process) and lean ones have limits of their own besides the common one, so that neither kind waits for long behind the other; and only
 * so many of each kind start at the same time, because starting is what takes processor time.
 */
final class PodQueue implements AutoCloseable {
    private static final long SIDECAR_BYTES = 96L << 20;
    private static final int SIDECAR_STARTS_PER_CORE = 2;
    private static final int LEAN_STARTS_PER_CORE = 16;

    private enum Kind {
        LEAN,
        SIDECAR;

        static Kind of(Pod pod) {
            return pod.getSpec().getInitContainers().stream()
                            .anyMatch(container -> "Always".equals(container.getRestartPolicy()))
                    ? SIDECAR
                    : LEAN;
        }
    }

    /**
     * How many pods may be on the node.
     *
     * @param pods all that run
     * @param sidecarPods those among them that have sidecars
     * @param sidecarStarts pods with sidecars that are starting
     * @param leanStarts other pods that are starting
     */
    record Limits(int pods, int sidecarPods, int sidecarStarts, int leanStarts) {
        /** What suits this machine. */
        static Limits ofMachine(int maxPods) {
            int cores = Runtime.getRuntime().availableProcessors();
            long fitting = Math.max(1, MachineMemory.bytes() / 4 / SIDECAR_BYTES);
            return new Limits(
                    maxPods,
                    (int) Math.min(maxPods, fitting),
                    Math.max(2, SIDECAR_STARTS_PER_CORE * cores),
                    LEAN_STARTS_PER_CORE * cores);
        }

        private int running(Kind kind) {
            return kind == Kind.SIDECAR ? sidecarPods : pods;
        }

        private int starting(Kind kind) {
            return kind == Kind.SIDECAR ? sidecarStarts : leanStarts;
        }
    }

    /** A pod's place on the node. Both ways to give something back may be called again without effect. */
    final class Place {
        private final Pod pod;
        private final Kind kind;
        private boolean starting = true;
        private boolean taken = true;

        private Place(Pod pod, Kind kind) {
            this.pod = pod;
            this.kind = kind;
        }

        Pod pod() {
            return pod;
        }

        /** The pod's start takes no more effort: the next one may start. */
        void started() {
            release(false);
        }

        /** The pod is through. */
        void leave() {
            release(true);
        }

        private void release(boolean all) {
            lock.lock();
            try {
                if (starting) {
                    starting = false;
                    count(PodQueue.this.starting, kind, -1);
                }
                if (all && taken) {
                    taken = false;
                    count(running, kind, -1);
                }
            } finally {
                lock.unlock();
            }
            handOut();
        }
    }

    private record Waiting(Pod pod, int priority, long arrival) {}

    private static final Comparator<Waiting> ORDER =
            Comparator.comparingInt(Waiting::priority).reversed().thenComparingLong(Waiting::arrival);

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Kind, PriorityQueue<Waiting>> queues = new EnumMap<>(Kind.class);
    private final Map<Kind, Integer> running = new EnumMap<>(Kind.class);
    private final Map<Kind, Integer> starting = new EnumMap<>(Kind.class);
    private final Set<String> queued = new HashSet<>();
    private final Limits limits;
    private final Consumer<Place> admit;
    private long arrivals;
    private boolean closed;

    /**
     * An empty queue.
     *
     * @param admit starts a pod that has got a place; must not wait
     */
    PodQueue(Limits limits, Consumer<Place> admit) {
        this.limits = limits;
        this.admit = admit;
        for (Kind kind : Kind.values()) {
            queues.put(kind, new PriorityQueue<>(ORDER));
            running.put(kind, 0);
            starting.put(kind, 0);
        }
    }

    /** Queues a pod, unless it is there already. */
    void offer(Pod pod) {
        lock.lock();
        try {
            if (queued.add(pod.getMetadata().getUid())) {
                Integer priority = pod.getSpec().getPriority();
                queue(Kind.of(pod)).add(new Waiting(pod, priority == null ? 0 : priority, ++arrivals));
            }
        } finally {
            lock.unlock();
        }
        handOut();
    }

    /** A pod that is gone needs no place. */
    void forget(String uid) {
        lock.lock();
        try {
            if (queued.remove(uid)) {
                queues.values()
                        .forEach(queue -> queue.removeIf(
                                waiting -> waiting.pod().getMetadata().getUid().equals(uid)));
            }
        } finally {
            lock.unlock();
        }
    }

    private void handOut() {
        for (Place place = next(); place != null; place = next()) {
            admit.accept(place);
        }
    }

    /** A place for the first pod in order whose kind has one free; null when there is none. */
    private @Nullable Place next() {
        lock.lock();
        try {
            Kind best = null;
            Waiting first = null;
            for (Kind kind : Kind.values()) {
                Waiting head = queue(kind).peek();
                if (head != null && isFree(kind) && (first == null || ORDER.compare(head, first) < 0)) {
                    best = kind;
                    first = head;
                }
            }
            if (best == null || first == null) {
                return null;
            }
            queue(best).remove();
            queued.remove(first.pod().getMetadata().getUid());
            count(running, best, 1);
            count(starting, best, 1);
            return new Place(first.pod(), best);
        } finally {
            lock.unlock();
        }
    }

    private boolean isFree(Kind kind) {
        int all = running.values().stream().mapToInt(Integer::intValue).sum();
        return !closed
                && all < limits.pods()
                && running.getOrDefault(kind, 0) < limits.running(kind)
                && starting.getOrDefault(kind, 0) < limits.starting(kind);
    }

    private PriorityQueue<Waiting> queue(Kind kind) {
        return queues.computeIfAbsent(kind, _ -> new PriorityQueue<>(ORDER));
    }

    private static void count(Map<Kind, Integer> counts, Kind kind, int by) {
        counts.merge(kind, by, Integer::sum);
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
    }
}
