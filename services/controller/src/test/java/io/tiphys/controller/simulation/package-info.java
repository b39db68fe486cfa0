/**
 * The controller's shards in a world without clock and without chance: real {@link io.tiphys.controller.shard.Shard}s of several
 * replicas, with API server, Kafka, kubelet and users that are simulated, and everything that happens decided by one seed. See
 * docs/decisions/0009-simulation.md.
 */
@NullMarked
package io.tiphys.controller.simulation;

import org.jspecify.annotations.NullMarked;
