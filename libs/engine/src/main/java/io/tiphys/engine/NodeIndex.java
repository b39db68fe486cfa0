package io.tiphys.engine;

import java.util.Arrays;

/** Nodes by the number in their id; open addressing, one int of a node's seq per slot. */
final class NodeIndex {
    private int[] slots = new int[16];
    private int size;

    NodeIndex() {
        Arrays.fill(slots, -1);
    }

    /** The node with this number, or null. */
    @org.jspecify.annotations.Nullable
    Node find(int hash, NodeTable nodes) {
        for (int i = spread(hash); slots[i] != -1; i = (i + 1) & (slots.length - 1)) {
            Node node = nodes.at(slots[i]);
            if (node != null && node.idHash == hash) {
                return node;
            }
        }
        return null;
    }

    void add(Node node, NodeTable nodes) {
        if (++size * 2 > slots.length) {
            int[] old = slots;
            slots = new int[old.length * 2];
            Arrays.fill(slots, -1);
            for (int seq : old) {
                Node known = seq == -1 ? null : nodes.at(seq);
                if (known != null) {
                    put(known);
                }
            }
        }
        put(node);
    }

    private void put(Node node) {
        int i = spread(node.idHash);
        while (slots[i] != -1) {
            i = (i + 1) & (slots.length - 1);
        }
        slots[i] = node.seq;
    }

    private int spread(int hash) {
        return (hash ^ (hash >>> 15)) & (slots.length - 1);
    }
}
