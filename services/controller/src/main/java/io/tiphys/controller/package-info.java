/**
 * The helm: takes up workflows, drives the engine with what it sees of their pods, and carries out what the engine wants.
 *
 * <p>{@code shard} has the event loops, one per shard and single writer of its workflows; {@code journal} writes and reads
 * node changes on Kafka; {@code kube} is the way to the API server; {@code lifecycle} is what comes after a workflow's
 * end; {@code cron} starts workflows on schedules; {@code config} is what an operator can set.
 */
@NullMarked
package io.tiphys.controller;

import org.jspecify.annotations.NullMarked;
