package io.tiphys.local.workloads.job;

import java.time.Instant;

/** When a plan is made, and when to look again: at the first time that something in it waits for. */
final class PlanTime {
    private final Instant now;
    private Instant wake = Instant.MAX;

    PlanTime(Instant now) {
        this.now = now;
    }

    Instant now() {
        return now;
    }

    Instant wake() {
        return wake;
    }

    /** Whether it is that late; otherwise somebody looks again then. */
    boolean hasCome(Instant when) {
        if (now.isBefore(when)) {
            wake = when.isBefore(wake) ? when : wake;
            return false;
        }
        return true;
    }
}
