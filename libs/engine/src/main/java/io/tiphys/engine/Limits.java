package io.tiphys.engine;

/**
 * How large one workflow may grow.
 *
 * @param nodes a workflow that needs more nodes than this ends in error: what calls itself without end, or loops over billions,
 *     would take the memory of all the others
 * @param depth so deep may templates call templates; a node knows its whole name, so names grow with the square of this
 */
public record Limits(int nodes, int depth) {
    /** The setting that an operator knows {@link #nodes} by. */
    public static final String NODES_SETTING = "tiphys.controller.max-nodes";

    /** The setting that an operator knows {@link #depth} by. */
    public static final String DEPTH_SETTING = "tiphys.controller.max-depth";

    /** Argo's depth. */
    public static final int USUAL_DEPTH = 100;

    private static final int DEEPEST = 2_000;

    /** What holds where nothing is configured. */
    public static final Limits DEFAULT = new Limits(200_000);

    public Limits {
        if (nodes < 1) {
            throw new IllegalArgumentException(NODES_SETTING + " is " + nodes + ", must be at least 1");
        }
        if (depth < 1 || depth > DEEPEST) {
            throw new IllegalArgumentException(
                    DEPTH_SETTING + " is " + depth + ", must be at least 1 and at most " + DEEPEST);
        }
    }

    /** So many nodes, as deep as Argo allows. */
    public Limits(int nodes) {
        this(nodes, USUAL_DEPTH);
    }

    /** What users read when a workflow would need more. */
    public String tooManyNodes() {
        return "the workflow needs more than " + nodes + " nodes, the most that " + NODES_SETTING + " allows";
    }
}
