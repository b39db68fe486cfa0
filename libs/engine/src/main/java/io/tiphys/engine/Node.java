package io.tiphys.engine;

import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeType;

/** One node of a run. Read it from the thread that owns the run; only events change it. */
public final class Node {
    public int seq() {
        throw new UnsupportedOperationException();
    }

    public String id() {
        throw new UnsupportedOperationException();
    }

    public String name() {
        throw new UnsupportedOperationException();
    }

    public String displayName() {
        throw new UnsupportedOperationException();
    }

    public NodeType type() {
        throw new UnsupportedOperationException();
    }

    public NodePhase phase() {
        throw new UnsupportedOperationException();
    }
}
