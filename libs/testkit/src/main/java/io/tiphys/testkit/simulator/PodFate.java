package io.tiphys.testkit.simulator;

/** How a simulated pod ends. */
enum PodFate {
    SUCCEEDS,
    FAILS,
    EVICTED,
    DELETED,
    STAGING_ERROR,
    NEVER_REPORTS,
    REPORTS_LATE;

    static PodFate of(Dice dice) {
        return switch (dice.below(40)) {
            case 0, 1, 2, 3 -> FAILS;
            case 4 -> EVICTED;
            case 5 -> DELETED;
            case 6 -> STAGING_ERROR;
            case 7 -> NEVER_REPORTS;
            case 8, 9 -> REPORTS_LATE;
            default -> SUCCEEDS;
        };
    }
}
