package io.tiphys.engine;

import java.util.BitSet;

/** Where a dag stands: who still waits for how many, who may start. Those start in the order of the template, whoever became ready first. */
public final class DagState {
    final boolean[] needed;
    final int[] targets;
    final int[] unmet;
    private final BitSet ready = new BitSet();
    private int readyCount;

    /** None below is ready. */
    private int firstReady;

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

    void addReady(int task) {
        readyCount += ready.get(task) ? 0 : 1;
        ready.set(task);
        firstReady = Math.min(firstReady, task);
    }

    void removeReady(int task) {
        readyCount -= ready.get(task) ? 1 : 0;
        ready.clear(task);
        int next = task == firstReady ? ready.nextSetBit(task) : firstReady;
        firstReady = next < 0 ? ready.size() : next;
    }

    public boolean hasReady() {
        return readyCount > 0;
    }

    public int readyCount() {
        return readyCount;
    }

    /** The first ready task from this one on; -1 for none. */
    public int nextReady(int from) {
        return ready.nextSetBit(Math.max(from, firstReady));
    }
}
