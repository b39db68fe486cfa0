package io.tiphys.conformance.simulation;

import io.tiphys.expression.GoDuration;
import io.tiphys.testkit.Scenario;
import java.time.Duration;

/** Lets time pass where nothing else happens. */
final class Clock {
    private static final int MOST_TIMERS = 1_000;

    private Clock() {}

    /** Up to the next timer; false if there is none. */
    static boolean passToNextTimer(Scenario scenario) {
        return scenario.nextTimer()
                .map(at -> {
                    Duration length = Duration.between(scenario.now(), at);
                    scenario.after(GoDuration.format(length.isNegative() ? Duration.ZERO : length));
                    return true;
                })
                .orElse(false);
    }

    /** As long as timers are due and the workflow isn't over. */
    static void runUntilOver(Scenario scenario) {
        for (int i = 0; i < MOST_TIMERS && !scenario.run().phase().isFulfilled(); i++) {
            if (!passToNextTimer(scenario)) {
                return;
            }
        }
    }
}
