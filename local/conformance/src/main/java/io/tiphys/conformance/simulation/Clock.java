package io.tiphys.conformance.simulation;

import io.tiphys.expression.GoDuration;
import io.tiphys.testkit.Scenario;
import java.time.Duration;

/** Lets time pass where nothing else happens. */
final class Clock {
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
}
