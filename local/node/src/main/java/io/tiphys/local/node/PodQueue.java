package io.tiphys.local.node;

import io.fabric8.kubernetes.api.model.Pod;
import io.tiphys.local.node.pod.MachineMemory;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Pods that wait for a place on the node: by priority, then in the order of their arrival. */
final class PodQueue implements AutoCloseable {
    private static final long SIDECAR_BYTES = 96L << 20;

    private record Waiting(Pod pod, int priority, long arrival) {}

    private final PriorityBlockingQueue<Waiting> queue = new PriorityBlockingQueue<>(
            64, Comparator.comparingInt(Waiting::priority).reversed().thenComparingLong(Waiting::arrival));
    private final Set<String> queued = ConcurrentHashMap.newKeySet();
    private final AtomicLong arrivals = new AtomicLong();
    private final Semaphore places;
    private final int sidecarWeight;
    private final Consumer<Pod> admit;
    private final Thread thread;

    /**
     * Starts handing out places.
     *
     * @param admit starts a pod that has got a place; {@link #leave} gives it back
     */
    PodQueue(int places, Consumer<Pod> admit) {
        this.places = new Semaphore(places);
        this.sidecarWeight = sidecarWeight(places);
        this.admit = admit;
        this.thread = Thread.ofVirtual().name("pod-queue").start(this::handOut);
    }

    /** Queues a pod, unless it is there already. */
    void offer(Pod pod) {
        if (queued.add(pod.getMetadata().getUid())) {
            Integer priority = pod.getSpec().getPriority();
            queue.add(new Waiting(pod, priority == null ? 0 : priority, arrivals.incrementAndGet()));
        }
    }

    /** A pod that is gone needs no place. */
    void forget(String uid) {
        queued.remove(uid);
    }

    void leave(Pod pod) {
        places.release(weight(pod));
    }

    /** A pod with a sidecar (the executor: a Java process) takes several places, so that they fit into memory. */
    private int weight(Pod pod) {
        boolean sidecar = pod.getSpec().getInitContainers().stream()
                .anyMatch(container -> "Always".equals(container.getRestartPolicy()));
        return sidecar ? sidecarWeight : 1;
    }

    private static int sidecarWeight(int places) {
        long fitting = Math.max(1, MachineMemory.bytes() / 4 / SIDECAR_BYTES);
        return Math.clamp(places / fitting, 1, places);
    }

    private void handOut() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Pod next = queue.take().pod();
                places.acquire(weight(next));
                if (queued.remove(next.getMetadata().getUid())) {
                    admit.accept(next);
                } else {
                    leave(next);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
