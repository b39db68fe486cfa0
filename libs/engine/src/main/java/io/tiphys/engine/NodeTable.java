package io.tiphys.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The nodes of a run by their numbers and by their ids. */
final class NodeTable {
    /** Nodes lie in pages, which stay where they are when there are more. */
    private static final int PAGE = 1024;

    /** What the first page begins with: most runs have a few nodes, and there may be thousands of them. */
    private static final int FEW = 16;

    private final List<@Nullable Node[]> pages = new ArrayList<>();
    private final NodeIndex index = new NodeIndex();
    private int capacity;
    private int nextSeq;
    private int count;

    /** The node with this number, or null if it was removed or isn't there yet. */
    @Nullable
    Node at(int seq) {
        return seq >= 0 && seq < nextSeq ? pages.get(seq / PAGE)[seq % PAGE] : null;
    }

    /**
     * The node whose id this is, or null.
     *
     * @param nameLength how long the workflow's name is, with which the id begins
     */
    @Nullable
    Node find(String id, int nameLength) {
        int from = nameLength + 1;
        if (id.length() <= from || id.charAt(nameLength) != '-') {
            return null;
        }
        long hash = 0;
        for (int i = from; i < id.length(); i++) {
            int digit = id.charAt(i) - '0';
            if (digit < 0 || digit > 9 || i - from > 9) {
                return null;
            }
            hash = hash * 10 + digit;
        }
        return index.find((int) hash, this);
    }

    /** All nodes in order of creation. */
    List<Node> all() {
        List<Node> all = new ArrayList<>(count);
        for (@Nullable Node[] page : pages) {
            for (Node node : page) {
                if (node != null) {
                    all.add(node);
                }
            }
        }
        return all;
    }

    int count() {
        return count;
    }

    int nextSeq() {
        return nextSeq;
    }

    /** Keeps numbers of removed nodes from being given again. */
    void reserve(int seqs) {
        while (capacity < seqs) {
            grow();
        }
        nextSeq = Math.max(nextSeq, seqs);
    }

    /** The first page grows until it is whole, then there are more. */
    private void grow() {
        if (capacity >= PAGE) {
            pages.add(new @Nullable Node[PAGE]);
            capacity += PAGE;
        } else if (pages.isEmpty()) {
            pages.add(new @Nullable Node[FEW]);
            capacity = FEW;
        } else {
            capacity *= 2;
            pages.set(0, Arrays.copyOf(pages.getFirst(), capacity));
        }
    }

    /** Enters a node under its number, and gives it the id that its name calls for unless another node has that already. */
    void enter(Node node) {
        int hash = node.nameHash;
        while (index.find(hash, this) != null) {
            hash = NodeNames.hash(hash, "#");
        }
        enter(node, hash);
    }

    void enter(Node node, int idHash) {
        node.idHash = idHash;
        reserve(node.seq + 1);
        set(node.seq, node);
        count++;
        index.add(node);
    }

    void remove(Node node) {
        set(node.seq, null);
        count--;
    }

    private void set(int seq, @Nullable Node node) {
        pages.get(seq / PAGE)[seq % PAGE] = node;
    }
}
