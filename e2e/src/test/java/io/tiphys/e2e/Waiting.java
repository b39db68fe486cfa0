package io.tiphys.e2e;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** Waits for a condition of the running system, bounded, and says what it waited for. */
final class Waiting {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private Waiting() {}

    static <T> T until(String what, Callable<T> look, Predicate<T> wanted) {
        return Awaitility.await(what)
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(250))
                .until(look, wanted);
    }
}
