package io.tiphys.local.node.pod;

import java.time.Instant;

/**
 * Why a pod's containers are to end, and when patience ends.
 *
 * @param killAt from then on SIGKILL
 */
record Stop(Cause cause, Instant killAt) {
    /** What ends a pod. */
    enum Cause {
        /** All main containers have ended by themselves; only sidecars are left. */
        COMPLETED,
        /** An init container failed for good. */
        INIT_FAILED,
        /** The object has a deletion timestamp. */
        DELETED,
        /** {@code activeDeadlineSeconds} is over. */
        DEADLINE,
        /** The object is gone, or the node closes: nobody is left to tell. */
        GONE
    }

    static Stop because(Cause cause, Instant killAt) {
        return new Stop(cause, killAt);
    }
}
