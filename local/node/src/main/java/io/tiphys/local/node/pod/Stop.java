package io.tiphys.local.node.pod;

import java.time.Instant;

/**
 * Why a pod's containers are to end, and when patience ends.
 *
 * @param killAt from then on SIGKILL
 */
record Stop(Cause cause, Instant killAt) {
    /** A time that doesn't come. */
    static final Instant NEVER = Instant.parse("9999-01-01T00:00:00Z");

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
