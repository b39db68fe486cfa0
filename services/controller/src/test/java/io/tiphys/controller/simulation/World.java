package io.tiphys.controller.simulation;

import io.tiphys.testkit.simulator.Dice;
import io.tiphys.testkit.simulator.VirtualTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/** What all parts of a simulation share: the time, the chance of accidents, and a memory of what happened. */
final class World {
    static final int SHARDS = 4;
    static final String NAMESPACE = "default";

    /** Prints all that happens as it happens. */
    private static final boolean PRINTS = Boolean.getBoolean("simulation.trace");

    private static final int REMEMBERED = 80;

    final VirtualTime time = new VirtualTime();
    private final Dice accidents;
    private final Deque<String> last = new ArrayDeque<>();
    private boolean calm;
    private boolean apiServerAway;
    private boolean kafkaAway;

    World(Dice accidents) {
        this.accidents = accidents;
    }

    /** Whether something goes wrong now that goes wrong once in so many times. */
    boolean fails(int oneIn) {
        return !calm && accidents.oneIn(oneIn);
    }

    /** From now on nothing goes wrong any more. */
    void calmDown() {
        calm = true;
        apiServerAway = false;
        kafkaAway = false;
    }

    boolean isCalm() {
        return calm;
    }

    void apiServerIsAway(boolean isAway) {
        apiServerAway = isAway && !calm;
    }

    void kafkaIsAway(boolean isAway) {
        kafkaAway = isAway && !calm;
    }

    boolean isKafkaAway() {
        return kafkaAway;
    }

    /** How a request to the API server goes. */
    enum Request {
        /** It takes effect and is answered. */
        GOOD,
        /** It is refused, and has no effect. */
        REFUSED,
        /** It takes effect, but the answer is lost. */
        UNANSWERED
    }

    Request request() {
        if (apiServerAway || fails(25)) {
            return Request.REFUSED;
        }
        return fails(25) ? Request.UNANSWERED : Request.GOOD;
    }

    void note(Supplier<String> what) {
        if (PRINTS) {
            System.out.println(stamp() + what.get());
            return;
        }
        last.add(stamp() + what.get());
        if (last.size() > REMEMBERED) {
            last.remove();
        }
    }

    private String stamp() {
        Duration elapsed = time.elapsed();
        return "%4d.%03d ".formatted(elapsed.toSeconds(), elapsed.toMillisPart());
    }

    /** The last that happened, one a line. */
    String story() {
        return String.join("\n", last);
    }

    Clock clock() {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return time.now();
            }
        };
    }
}
