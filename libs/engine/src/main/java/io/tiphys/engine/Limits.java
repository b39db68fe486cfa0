package io.tiphys.engine;

/**
 * How large one workflow may grow.
 *
 * @param nodes a workflow that needs more nodes than this ends in error: what calls itself without end, or loops over billions,
 *     would take the memory of all the others
 */
public record Limits(int nodes) {
    /** The setting that an operator knows {@link #nodes} by. */
    public static final String NODES_SETTING = "tiphys.controller.max-nodes";

    /** What holds where nothing is configured. */
    public static final Limits DEFAULT = new Limits(200_000);

    public Limits {
        if (nodes < 1) {
            throw new IllegalArgumentException(NODES_SETTING + " is " + nodes + ", must be at least 1");
        }
    }

    /** What users read when a workflow would need more. */
    public String tooManyNodes() {
        return "the workflow needs more than " + nodes + " nodes, the most that " + NODES_SETTING + " allows";
    }
}
