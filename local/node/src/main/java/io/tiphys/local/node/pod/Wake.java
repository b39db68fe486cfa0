package io.tiphys.local.node.pod;

import java.time.Instant;

/** When a pod is looked at again if nothing is heard of it before. */
final class Wake {
    /** A time that doesn't come. */
    static final Instant NEVER = Instant.parse("9999-01-01T00:00:00Z");

    private Wake() {}

    static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }
}
