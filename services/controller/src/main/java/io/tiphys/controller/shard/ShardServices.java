package io.tiphys.controller.shard;

import io.micrometer.core.instrument.MeterRegistry;
import io.tiphys.controller.agent.AgentServices;
import io.tiphys.controller.cache.MemoCache;
import io.tiphys.controller.image.ImageCommands;
import io.tiphys.controller.journal.Journal;
import io.tiphys.controller.journal.JournalRecords;
import io.tiphys.controller.kube.ApiCalls;
import io.tiphys.controller.kube.Instance;
import io.tiphys.controller.kube.KubeEvents;
import io.tiphys.controller.kube.PodGateway;
import io.tiphys.controller.kube.WorkflowGateway;
import io.tiphys.controller.locks.ReplicaLocks;
import io.tiphys.controller.metrics.MetricBoard;
import io.tiphys.messages.Records;
import io.tiphys.pods.PodPlanner;
import java.time.Clock;
import java.util.concurrent.ExecutorService;

/**
 * What the shards of a replica share.
 *
 * @param threads a virtual thread per task
 */
public record ShardServices(
        Lease lease,
        Journal journal,
        JournalRecords journalRecords,
        Records records,
        PodGateway pods,
        WorkflowGateway workflows,
        ApiCalls calls,
        KubeEvents events,
        MemoCache caches,
        Preparation preparation,
        PodPlanner planner,
        ImageCommands images,
        AgentServices agents,
        ReplicaLocks locks,
        RestingRuns resting,
        Instance instance,
        ExecutorService threads,
        Clock clock,
        Pace pace,
        StatusRate statusRate,
        MeterRegistry metrics,
        MetricBoard board,
        ShardSettings settings) {}
