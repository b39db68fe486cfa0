package io.tiphys.engine;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Where a dag stands: who still waits for how many, who may start. */
public final class DagState {
    final boolean[] needed;
    final int[] targets;
    final int[] unmet;
    final ArrayDeque<Integer> ready = new ArrayDeque<>();

    DagState(boolean[] needed, int[] targets, int[] unmet) {
        this.needed = needed;
        this.targets = targets;
        this.unmet = unmet;
    }

    public boolean isNeeded(int task) {
        return needed[task];
    }

    public int[] targets() {
        return targets.clone();
    }

    /** The next task that may start, or null. */
    public @Nullable Integer nextReady() {
        return ready.peek();
    }

    public int readyCount() {
        return ready.size();
    }

    /** Ready tasks in order. */
    public Iterable<Integer> ready() {
        return ready;
    }
}
