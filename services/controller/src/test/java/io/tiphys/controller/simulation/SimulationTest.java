package io.tiphys.controller.simulation;

import org.junit.jupiter.api.Test;

/** Real shards in a world where everything goes wrong that can; {@code -Dsimulation.seed=N -Dsimulation.count=1} shows one again. */
class SimulationTest {
    private static final long SEED = Long.getLong("simulation.seed", 1);
    private static final long COUNT = Long.getLong("simulation.count", 60);

    @Test
    void everyWorkflowEndsWithNothingLostAndNothingDoneTwice() {
        for (long seed = SEED; seed < SEED + COUNT; seed++) {
            Simulation.run(seed);
        }
    }
}
