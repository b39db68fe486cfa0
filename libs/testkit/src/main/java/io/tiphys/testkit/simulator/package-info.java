/**
 * Runs the real machines in a world without clock and without chance: time moves when nothing is left to do now, and every accident
 * comes from one seed. Parts of the world ({@link io.tiphys.testkit.simulator.SimulatedPods}) put what will happen into
 * {@link io.tiphys.testkit.simulator.VirtualTime}; {@link io.tiphys.testkit.simulator.Invariant}s look at every step.
 */
@NullMarked
package io.tiphys.testkit.simulator;

import org.jspecify.annotations.NullMarked;
