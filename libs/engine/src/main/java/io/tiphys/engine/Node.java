package io.tiphys.engine;

import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeType;

/** One node of a run. Read it from the thread that owns the run; only events change it. */
public final class Node {
    public int seq() {
        return Soon.soon();
    }

    public String id() {
        return Soon.soon();
    }

    public String name() {
        return Soon.soon();
    }

    public String displayName() {
        return Soon.soon();
    }

    public NodeType type() {
        return Soon.soon();
    }

    public NodePhase phase() {
        return Soon.soon();
    }
}
