package io.tiphys.controller.shard;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Runs that are over, kept for a retry soon after, which needn't read the journal then: those that ended last, up to a number of
 * nodes in all. Each belongs to the driver that let go of it, its owner, and only that one gets it back, so that a run of a shard that has been
 * elsewhere in between is never used again. Thread-safe.
 */
public final class RestingRuns {
    /** What a run and its definition take besides its nodes: as much as so many of them. Thousands of workflows may have a node or two each. */
    private static final int OF_ITSELF = 50;

    private final int mostNodes;
    private final SequencedMap<Object, Active> runs = new LinkedHashMap<>();
    private long nodes;

    /**
     * Keeps none yet.
     *
     * @param mostNodes of all that are kept; each run counts for fifty more than it has
     */
    public RestingRuns(int mostNodes) {
        this.mostNodes = mostNodes;
    }

    /** Keeps a run, and lets go of older ones if these are too many then. */
    synchronized void keep(Object owner, Active over) {
        take(owner);
        runs.putLast(owner, over);
        nodes += weight(over);
        while (nodes > mostNodes) {
            Map.Entry<Object, Active> oldest = runs.pollFirstEntry();
            nodes -= weight(oldest.getValue());
        }
    }

    /** The run that this owner let go of, which is kept no longer; null if it isn't. */
    synchronized @Nullable Active take(Object owner) {
        Active kept = runs.remove(owner);
        if (kept != null) {
            nodes -= weight(kept);
        }
        return kept;
    }

    private static int weight(Active over) {
        return OF_ITSELF + over.run().nodeCount();
    }
}
