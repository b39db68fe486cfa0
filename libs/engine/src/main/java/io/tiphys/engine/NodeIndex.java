package io.tiphys.engine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Nodes by the number in their id. Open addressing: a slot has the number and the node's seq side by side, so that nobody has to
 * look into nodes that aren't meant. They lie all over the memory, and to ask one of a hundred thousand costs more than all else
 * that finding one takes.
 */
final class NodeIndex {
    private static final long FREE = -1;

    private long[] slots = free(16);
    private int taken;

    /** The node with this number, or null. */
    @Nullable
    Node find(int hash, NodeTable nodes) {
        for (int i = home(hash); slots[i] != FREE; i = next(i)) {
            if (hash(slots[i]) == hash) {
                Node node = nodes.at(seq(slots[i]));
                if (node != null) { // or else one that was removed
                    return node;
                }
            }
        }
        return null;
    }

    /** Enters a node that isn't here yet. */
    void add(Node node) {
        if (++taken * 4L > slots.length * 3L) {
            grow();
        }
        put((long) node.idHash << Integer.SIZE | node.seq);
    }

    /** In long strides: each time, all slots are written anew at places that no cache holds. */
    private void grow() {
        long[] old = slots;
        slots = free(old.length * 4);
        for (long slot : old) {
            if (slot != FREE) {
                put(slot);
            }
        }
    }

    private void put(long slot) {
        int i = home(hash(slot));
        while (slots[i] != FREE) {
            i = next(i);
        }
        slots[i] = slot;
    }

    private int home(int hash) {
        return (hash ^ (hash >>> 15)) & (slots.length - 1);
    }

    private int next(int i) {
        return (i + 1) & (slots.length - 1);
    }

    private static long[] free(int length) {
        long[] slots = new long[length];
        Arrays.fill(slots, FREE);
        return slots;
    }

    private static int hash(long slot) {
        return (int) (slot >> Integer.SIZE);
    }

    private static int seq(long slot) {
        return (int) slot;
    }
}
