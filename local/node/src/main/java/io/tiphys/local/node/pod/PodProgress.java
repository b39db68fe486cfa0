package io.tiphys.local.node.pod;

/** What the node wants to know of a pod's run. Called on the run's thread. */
public interface PodProgress {
    /** Its start takes no more effort: its containers run, or it waits for something. At most once. */
    void started();

    /** At the very end, however it came. */
    void ended();
}
