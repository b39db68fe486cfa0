package io.tiphys.cli;

/** Shows how a workflow goes on. */
interface Progress {
    void show(WorkflowView workflow);

    /** Time has gone by; durations have changed. */
    default void tick() {}

    /** The last state has been shown. */
    default void end() {}

    /** Shows nothing. */
    Progress NONE = _ -> {};
}
