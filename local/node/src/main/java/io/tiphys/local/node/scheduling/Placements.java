package io.tiphys.local.node.scheduling;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/** Which pods are where. A decision and its record are one step, so that pods that come together see each other. Safe for many threads. */
public final class Placements {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, PlacedPod> placed = new LinkedHashMap<>();
    private final Map<String, Integer> counts = new HashMap<>();
    private final Function<String, Map<String, String>> namespaceLabels;
    private int keepingAway;

    /**
     * Nobody is anywhere.
     *
     * @param namespaceLabels the labels of a namespace; asked for seldom, and may wait
     */
    public Placements(Function<String, Map<String, String>> namespaceLabels) {
        this.namespaceLabels = namespaceLabels;
    }

    /** Decides where the pod goes; if anywhere, it counts as being there. */
    public Placement place(Pod pod, List<SchedulableNode> nodes) {
        lock.lock();
        try {
            boolean isAlone = keepingAway == 0 && !Scheduling.looksAtPods(pod);
            Collection<PlacedPod> others = isAlone ? List.of() : placed.values();
            Placement placement =
                    Scheduling.place(pod, nodes, others, node -> counts.getOrDefault(node, 0), namespaceLabels);
            if (placement instanceof Placement.On(String node)) {
                put(pod.getMetadata().getUid(), PlacedPod.of(pod, node));
            }
            return placement;
        } finally {
            lock.unlock();
        }
    }

    /** The pod is on this node already, or has other labels now. */
    public void isOn(Pod pod, String node) {
        lock.lock();
        try {
            put(pod.getMetadata().getUid(), PlacedPod.of(pod, node));
        } finally {
            lock.unlock();
        }
    }

    private void put(String uid, PlacedPod pod) {
        take(uid);
        placed.put(uid, pod);
        counts.merge(pod.node(), 1, Integer::sum);
        keepingAway += pod.keepsAway().isEmpty() ? 0 : 1;
    }

    /** The pod is nowhere any more. */
    public void left(String uid) {
        lock.lock();
        try {
            take(uid);
        } finally {
            lock.unlock();
        }
    }

    private void take(String uid) {
        PlacedPod gone = placed.remove(uid);
        if (gone != null) {
            counts.merge(gone.node(), -1, Integer::sum);
            keepingAway -= gone.keepsAway().isEmpty() ? 0 : 1;
        }
    }
}
