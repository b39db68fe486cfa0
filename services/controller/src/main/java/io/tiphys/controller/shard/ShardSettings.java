package io.tiphys.controller.shard;

import io.tiphys.controller.lifecycle.RetentionPolicy;
import io.tiphys.engine.EngineSettings;
import java.time.Duration;

/**
 * The operator's choices for shards.
 *
 * @param statusInterval a workflow's status is written at most this often unless its phase changes
 * @param podGcDelay from a pod's end to its deletion when {@code podGC} doesn't say
 * @param archives whether an archive takes finished workflows in; those that it hasn't got yet outlive their ttl
 * @param cacheGcPeriod how often caches are cleaned; zero for never
 * @param cacheGcAfterNotHit how long a cached entry stays without a hit
 * @param workflowEvents whether Kubernetes Events tell of workflows
 * @param nodeEvents whether they tell of nodes
 * @param nodeEventsAsPod whether those of nodes are about the pod, where there is one
 * @param cronInterval how often cron schedules are looked at
 * @param engine what holds for all runs
 * @param policies what holds for all workflows
 * @param retention how many finished workflows are kept
 * @param restarts whether pods that failed before they began are made again
 */
public record ShardSettings(
        Duration statusInterval,
        Duration podGcDelay,
        boolean archives,
        Duration cronInterval,
        Duration cacheGcPeriod,
        Duration cacheGcAfterNotHit,
        boolean workflowEvents,
        boolean nodeEvents,
        boolean nodeEventsAsPod,
        EngineSettings engine,
        Policies policies,
        RetentionPolicy retention,
        PodRestarts restarts) {}
