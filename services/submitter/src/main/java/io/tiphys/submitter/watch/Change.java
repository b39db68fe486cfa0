package io.tiphys.submitter.watch;

import io.tiphys.submitter.workflow.WorkflowTree;

/** What a watch says. The tree is shared by all readers: copy it before you change it. */
public record Change(Type type, WorkflowTree workflow) {
    /** Kubernetes' names. */
    public enum Type {
        ADDED,
        MODIFIED,
        DELETED
    }

    /** The two as one, for a reader that has seen neither. */
    Change then(Change next) {
        boolean stillNew = type == Type.ADDED && next.type == Type.MODIFIED;
        return stillNew ? new Change(Type.ADDED, next.workflow) : next;
    }
}
