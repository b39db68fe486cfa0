package io.tiphys.local.node.scheduling;

/** Where a pod goes. */
public sealed interface Placement {
    /** To this node. */
    record On(String node) implements Placement {}

    /**
     * To none of the nodes that there are.
     *
     * @param message why, as Kubernetes says it
     * @param mayChangeWithPods whether other pods are among the reasons
     */
    record Nowhere(String message, boolean mayChangeWithPods) implements Placement {}
}
