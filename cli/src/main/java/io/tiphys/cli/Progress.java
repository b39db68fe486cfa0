package io.tiphys.cli;

/** Shows how a workflow goes on. */
interface Progress {
    void show(WorkflowView workflow);

    /** Time has gone by; durations have changed. */
    default void tick() {}

    /** The last state has been shown. */
    default void end() {}

    /** Whether {@link #show} looks at nodes; where it doesn't, the server needn't send them, however many there are. */
    default boolean showsNodes() {
        return true;
    }

    /** Shows nothing. */
    Progress NONE = new Progress() {
        @Override
        public void show(WorkflowView workflow) {
            // nobody is to see it
        }

        @Override
        public boolean showsNodes() {
            return false;
        }
    };
}
