package io.tiphys.controller.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real shards in a world where everything goes wrong that can; {@code -Dsimulation.seed=N -Dsimulation.count=1} shows one again. */
class SimulationTest {
    private static final long SEED = Long.getLong("simulation.seed", 1);
    private static final long COUNT = Long.getLong("simulation.count", 1_000);
    private static final int THREADS = Integer.getInteger(
            "simulation.threads", Math.min(4, Runtime.getRuntime().availableProcessors()));

    /** What shards say of themselves, which nobody reads here; held, or its level would be forgotten. */
    private static final Logger LOG = Logger.getLogger("io.tiphys.controller");

    @BeforeAll
    static void beSilent() {
        LOG.setLevel(Boolean.getBoolean("simulation.trace") ? null : Level.OFF);
    }

    @AfterAll
    static void beLoud() {
        LOG.setLevel(null);
    }

    /** All seeds, however many fail: a line for each that does, and the story of the first. */
    @Test
    void everyWorkflowEndsWithNothingLostAndNothingDoneTwice() throws Exception {
        AtomicLong next = new AtomicLong(SEED);
        Map<Long, AssertionError> failures = new ConcurrentSkipListMap<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                all.add(threads.submit(() -> {
                    for (long seed = next.getAndIncrement(); seed < SEED + COUNT; seed = next.getAndIncrement()) {
                        try {
                            Simulation.run(seed);
                        } catch (AssertionError e) {
                            failures.put(seed, e);
                        }
                    }
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        }
        if (!failures.isEmpty()) {
            throw together(failures);
        }
    }

    /** Seeds beyond those above that found something when they were run first. */
    @ParameterizedTest
    @ValueSource(longs = {1322, 1687, 1790, 2063, 2092, 4263, 6233})
    void whatWasFoundOnceStaysMended(long seed) {
        Simulation.run(seed);
    }

    private static AssertionError together(Map<Long, AssertionError> failures) {
        List<String> lines = new ArrayList<>();
        lines.add(failures.size() + " of " + COUNT + " seeds fail:");
        failures.forEach((seed, failure) -> lines.add("  seed " + seed + ": "
                + String.valueOf(failure.getCause()).lines().findFirst().orElse("")));
        AssertionError first = failures.values().iterator().next();
        lines.add(String.valueOf(first.getMessage()));
        return new AssertionError(String.join("\n", lines), first);
    }
}
