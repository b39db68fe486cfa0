package io.tiphys.controller.shard;

import io.tiphys.api.ArtGCStatus;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.api.WorkflowStatus;
import io.tiphys.controller.lifecycle.ArtifactGcFinalizer;
import io.tiphys.controller.shard.ShardTimers.Purpose;
import io.tiphys.controller.shard.ShardTimers.TimerKey;
import io.tiphys.messages.WorkflowRef;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the Workflow's {@code status} in step with its run, one write at a time: at once when it ends or has to wait, otherwise at
 * most once per interval. That it has begun may wait for the interval, too: then a short workflow is written once. The interval
 * grows with the number of nodes, so that large statuses don't take more than a small part of the time. For the shard's own
 * thread; the write itself runs elsewhere.
 */
final class StatusProjection {
    private static final Logger LOG = LoggerFactory.getLogger(StatusProjection.class);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);

    private final WorkflowRef ref;
    private final ShardContext shard;
    private @Nullable Workflow object;
    private @Nullable Active active;
    private boolean due;
    private boolean writing;
    /** A write takes some 25 µs per node of us and the API server; so it takes a twentieth of the time at most. */
    private static final Duration INTERVAL_PER_NODE = Duration.ofNanos(500_000);

    private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(30);

    private @Nullable Instant lastWrite;

    StatusProjection(WorkflowRef ref, ShardContext shard) {
        this.ref = ref;
        this.shard = shard;
    }

    void activate(Active running) {
        active = running;
    }

    /** The run is let go of. */
    void retire() {
        active = null;
    }

    /** Whether the object says all that the run does. */
    boolean isIdle() {
        return !due && !writing;
    }

    void seen(Workflow workflow) {
        object = workflow;
    }

    /** The run has changed. */
    void changed() {
        due = true;
    }

    /** What the object says may be behind the run. */
    void isDue() {
        due = true;
        scheduleOrWrite();
    }

    void scheduleOrWrite() {
        if (!due || writing || object == null || active == null) {
            return;
        }
        WorkflowPhase shown = object.getStatus().phase();
        WorkflowPhase phase = active.run().phase();
        boolean isUrgent = shown != phase && phase != WorkflowPhase.RUNNING;
        Instant now = shard.now();
        if (lastWrite == null) {
            lastWrite = now; // nothing was written yet: the interval begins with the first change
        }
        Instant earliest = lastWrite.plus(interval(active.run().nodeCount()));
        if (isUrgent || !now.isBefore(earliest)) {
            write();
        } else {
            shard.timers().startIfAbsent(new TimerKey(ref.uid(), Purpose.STATUS, ""), earliest);
        }
    }

    private Duration interval(int nodes) {
        Duration configured = shard.services().settings().statusInterval();
        Duration affordable = INTERVAL_PER_NODE.multipliedBy(nodes);
        if (affordable.compareTo(LONGEST_INTERVAL) > 0) {
            affordable = LONGEST_INTERVAL;
        }
        return affordable.compareTo(configured) > 0 ? affordable : configured;
    }

    /** Writes now, unless a write is under way: then the next one follows it. */
    void write() {
        if (!due || writing || object == null || active == null) {
            return;
        }
        due = false;
        writing = true;
        shard.timers().cancel(new TimerKey(ref.uid(), Purpose.STATUS, ""));
        lastWrite = shard.now();
        Workflow known = object;
        Definition definition = active.definition();
        WorkflowStatus status = active.run().status();
        boolean deletes = ArtifactGcFinalizer.applies(active.spec());
        var claims = VolumeClaims.volumes(ref.name(), active.spec());
        shard.requests().submit(ref.namespace() + "/workflows/" + ref.name(), () -> {
            try {
                WorkflowStatus sized = StatusSize.fitted(status.withPersistentVolumeClaims(claims)
                        .withArtifactRepositoryRef(definition.repositoryRef()));
                Optional<Workflow> written = shard.services()
                        .workflows()
                        .writeStatus(known, current -> sized.withArtifactGCStatus(gcStatus(current, sized, deletes)));
                shard.post(new ShardInput.StatusWritten(ref.uid(), written.orElse(null), null));
            } catch (RuntimeException e) {
                shard.post(new ShardInput.StatusWritten(ref.uid(), null, e.toString()));
            }
        });
    }

    /** Others write how far the deletion of artifacts has come; that there is none to come is said at the end. */
    private static @Nullable ArtGCStatus gcStatus(WorkflowStatus current, WorkflowStatus next, boolean deletes) {
        boolean none = !deletes && next.phase().isFulfilled() && current.artifactGCStatus() == null;
        return none ? new ArtGCStatus(Map.of(), Map.of(), true) : current.artifactGCStatus();
    }

    void written(@Nullable Workflow workflow, @Nullable String failure) {
        writing = false;
        if (workflow != null) {
            object = workflow;
        }
        if (failure != null) {
            LOG.warn("status of workflow {}/{} was not written: {}", ref.namespace(), ref.name(), failure);
            due = true;
            shard.timers()
                    .start(
                            new TimerKey(ref.uid(), Purpose.STATUS, ""),
                            shard.now().plus(AFTER_FAILURE));
            return;
        }
        scheduleOrWrite();
    }
}
