package io.tiphys.controller.shard;

/**
 * What the operator lays down for all workflows.
 *
 * @param defaults what they have where they say nothing
 * @param restrictions which of them may run
 */
public record Policies(WorkflowDefaults defaults, Restrictions restrictions) {
    /** Nothing is laid down. */
    public static final Policies NONE = new Policies(WorkflowDefaults.NONE, Restrictions.NONE);
}
