package io.tiphys.controller.shard;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.tiphys.api.ApiJson;
import io.tiphys.api.ArtGCStatus;
import io.tiphys.api.TTLStrategy;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.api.WorkflowSpec;
import io.tiphys.api.WorkflowStatus;
import io.tiphys.controller.lifecycle.ArtifactGcFinalizer;
import io.tiphys.controller.lifecycle.PhaseLabels;
import io.tiphys.controller.lifecycle.TimeToLive;
import io.tiphys.controller.shard.ShardTimers.Purpose;
import io.tiphys.controller.shard.ShardTimers.TimerKey;
import io.tiphys.messages.WorkflowEvent;
import io.tiphys.messages.WorkflowRef;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What follows from a workflow's written status: events, claims that are no longer needed, the end of its time to live. The labels of
 * its phase come with the status and are only seen to here. Works from the object's state, so that it is caught up on after a restart.
 * For the shard's own thread.
 */
final class Aftermath {
    private static final Logger LOG = LoggerFactory.getLogger(Aftermath.class);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);
    private static final Duration UNARCHIVED_RECHECK = Duration.ofSeconds(10);
    private static final String ON_COMPLETION = "OnWorkflowCompletion";

    private final WorkflowRef ref;
    private final ShardContext shard;
    private @Nullable Active active;
    private @Nullable TTLStrategy timeToLive;
    private boolean isSeen;
    private WorkflowPhase announced = WorkflowPhase.UNKNOWN;
    private boolean deletionAnnounced;

    Aftermath(WorkflowRef ref, ShardContext shard) {
        this.ref = ref;
        this.shard = shard;
    }

    void activate(Active running) {
        active = running;
    }

    /** The run is let go of; when its time is up is still to be known. */
    void retire() {
        if (active != null) {
            timeToLive = active.spec().ttlStrategy();
        }
        active = null;
    }

    /** Whether the workflow is over and everybody who wants to know does. */
    boolean isDone(Workflow workflow) {
        WorkflowPhase phase = workflow.getStatus().phase();
        return phase.isFulfilled()
                && phase == PhaseLabels.phase(workflow)
                && PhaseLabels.isCompleted(workflow)
                && !PhaseLabels.isArchivingPending(workflow);
    }

    void seen(Workflow workflow, Batch batch) {
        if (workflow.getMetadata().getDeletionTimestamp() != null) {
            boolean isHeld = !workflow.getMetadata().getFinalizers().isEmpty();
            if (isHeld && !deletionAnnounced) {
                deletionAnnounced = true;
                batch.afterwards(() -> announce(WorkflowEvent.Type.DELETION_REQUESTED, workflow, active));
            }
            return;
        }
        WorkflowPhase phase = workflow.getStatus().phase();
        boolean isLabelled = phase == PhaseLabels.phase(workflow);
        if (!isSeen) {
            isSeen = true;
            if (isLabelled) {
                announced = phase; // by whoever wrote it
                if (isAwaited(workflow)) {
                    batch.afterwards(() -> shard.requests().submit(line(), () -> finish(workflow, active)));
                }
            }
        }
        if (isLabelled && phase.isFulfilled()) {
            scheduleEnd(workflow);
        }
        if (isOutdated(phase)) {
            return;
        }
        if (phase != announced) {
            statusWritten(workflow, batch);
        } else if (!isLabelled) { // somebody has taken the labels off, or they are from before
            shard.timers()
                    .startIfAbsent(
                            new TimerKey(ref.uid(), Purpose.AFTERMATH, ""),
                            shard.now().plus(AFTER_FAILURE));
        }
    }

    /** Whether others still have to do something about its end: whoever wrote it may not have got to telling them. */
    private static boolean isAwaited(Workflow workflow) {
        if (!workflow.getStatus().phase().isFulfilled()) {
            return false;
        }
        ArtGCStatus gc = workflow.getStatus().artifactGCStatus();
        boolean isCollected = gc != null && gc.strategiesProcessed().getOrDefault(ON_COMPLETION, false);
        return PhaseLabels.isArchivingPending(workflow)
                || (!isCollected && workflow.getMetadata().getFinalizers().contains(ArtifactGcFinalizer.NAME));
    }

    /** What failed is done again, and so is what can't be seen after a while. */
    void lookAgain(Workflow workflow, Batch batch) {
        WorkflowPhase phase = workflow.getStatus().phase();
        if (phase == announced && phase != PhaseLabels.phase(workflow) && !isOutdated(phase)) {
            announced = WorkflowPhase.UNKNOWN;
        }
        statusWritten(workflow, batch);
    }

    /** Whether the run is elsewhere by now: the watch is behind, and labels of such a phase would come after those of the next one. */
    private boolean isOutdated(WorkflowPhase phase) {
        return active != null && active.run().phase() != phase;
    }

    /** Announces a phase that the status now shows, and sees to its labels. */
    void statusWritten(Workflow workflow, Batch batch) {
        WorkflowPhase phase = workflow.getStatus().phase();
        if (phase == announced || phase == WorkflowPhase.UNKNOWN) {
            return;
        }
        boolean ranUnseen = phase.isFulfilled()
                && announced != WorkflowPhase.RUNNING
                && active != null
                && active.run().nodeCount() > 0; // one that was refused never ran
        announced = phase;
        @Nullable Active ranBy = active; // by the time that this is done the run may have been let go of
        batch.afterwards(() -> {
            PodCommands requests = shard.requests();
            requests.submit(line(), () -> {
                try {
                    if (ranUnseen) {
                        count(WorkflowPhase.RUNNING, workflow, null, ranBy, requests);
                    }
                    follow(workflow, phase, ranBy);
                    count(phase, workflow, workflow.getStatus().message(), ranBy, requests);
                } catch (RuntimeException e) {
                    shard.post(new ShardInput.AftermathFailed(ref.uid(), e.toString()));
                }
            });
        });
    }

    /** Something of it could not be done: all of it again, which does no harm. */
    void failed(String failure) {
        LOG.warn("labels of workflow {}/{} are behind, to be tried again: {}", ref.namespace(), ref.name(), failure);
        announced = WorkflowPhase.UNKNOWN;
        shard.timers()
                .start(
                        new TimerKey(ref.uid(), Purpose.AFTERMATH, ""),
                        shard.now().plus(AFTER_FAILURE));
    }

    private void follow(Workflow workflow, WorkflowPhase phase, @Nullable Active ranBy) throws InterruptedException {
        if (phase != PhaseLabels.phase(workflow)) {
            boolean archives = shard.services().settings().archives();
            shard.services().workflows().label(ref, PhaseLabels.of(phase, archives, workflow));
        }
        if (phase.isFulfilled()) {
            finish(workflow, ranBy);
            LOG.info("workflow {}/{} {}", ref.namespace(), ref.name(), phase.json());
        } else {
            announce(WorkflowEvent.Type.PHASE_CHANGED, workflow, ranBy);
        }
    }

    /** Does no harm when it is done again. */
    private void finish(Workflow workflow, @Nullable Active ranBy) throws InterruptedException {
        WorkflowSpec spec = ranBy != null ? ranBy.spec() : spec(workflow);
        deleteClaims(workflow.getStatus().phase(), spec);
        if (spec.podDisruptionBudget() != null) {
            shard.services().workflows().deleteDisruptionBudget(ref);
        }
        announce(WorkflowEvent.Type.COMPLETED, workflow, ranBy);
    }

    /** Requests about the object go one after the other. */
    private String line() {
        return ref.namespace() + "/workflows/" + ref.name();
    }

    /**
     * Metrics and events of a phase; also of one that was over before a status showed it. The events have a line of their own: they
     * may wait long for their turn, and the next status must not wait for them.
     */
    private void count(
            WorkflowPhase phase,
            Workflow workflow,
            @Nullable String message,
            @Nullable Active ranBy,
            PodCommands requests) {
        shard.services()
                .metrics()
                .counter("tiphys.workflows", "phase", phase.json())
                .increment();
        new RunMetrics(ref, shard).entered(phase, workflow);
        if (shard.services().settings().workflowEvents()) {
            Instant at = shard.now();
            requests.submit(ref.namespace() + "/events/" + ref.uid(), () -> tell(phase, message, ranBy, at));
        }
    }

    /** In Argo's words; nothing of workflows that wait. */
    private void tell(WorkflowPhase phase, @Nullable String message, @Nullable Active ranBy, Instant at)
            throws InterruptedException {
        String said = message == null ? "" : message;
        var events = shard.services().events();
        switch (phase) {
            case RUNNING -> events.publish(ref, "Normal", "WorkflowRunning", "Workflow Running", at);
            case SUCCEEDED -> events.publish(ref, "Normal", "WorkflowSucceeded", "Workflow completed", at);
            case FAILED, ERROR -> {
                if (ranBy != null && ranBy.run().isDeadlinePassed()) {
                    events.publish(ref, "Warning", "WorkflowTimedOut", "Workflow timed out", at);
                }
                events.publish(ref, "Warning", "WorkflowFailed", said, at);
            }
            case PENDING, UNKNOWN -> {}
        }
    }

    /** The time to live may be over. */
    void timeIsUp(@Nullable Workflow workflow) {
        if (workflow == null || workflow.getMetadata().getDeletionTimestamp() != null) {
            return;
        }
        if (PhaseLabels.isArchivingPending(workflow)
                && shard.services().settings().archives()) {
            shard.timers()
                    .start(
                            new TimerKey(ref.uid(), Purpose.TIME_TO_LIVE, ""),
                            shard.now().plus(UNARCHIVED_RECHECK));
            return;
        }
        boolean isOver = TimeToLive.endOf(spec(workflow), workflow.getStatus())
                .map(end -> !shard.now().isBefore(end))
                .orElse(false);
        if (isOver) {
            LOG.info("workflow {}/{} has outlived its ttlStrategy and is deleted", ref.namespace(), ref.name());
            shard.requests().submit(line(), () -> shard.services().workflows().delete(ref));
        }
    }

    private void scheduleEnd(Workflow workflow) {
        TimeToLive.endOf(spec(workflow), workflow.getStatus())
                .ifPresent(end -> shard.timers().startIfAbsent(new TimerKey(ref.uid(), Purpose.TIME_TO_LIVE, ""), end));
    }

    private WorkflowSpec spec(Workflow workflow) {
        WorkflowSpec stored = workflow.getStatus().storedWorkflowTemplateSpec();
        WorkflowSpec spec = active != null
                ? active.spec()
                : stored != null
                        ? stored
                        : shard.services().settings().policies().defaults().on(workflow.getSpec());
        return active == null && timeToLive != null ? spec.withTtlStrategy(timeToLive) : spec;
    }

    private void deleteClaims(WorkflowPhase phase, WorkflowSpec spec) throws InterruptedException {
        if (!spec.volumeClaimTemplates().isEmpty() && VolumeClaims.areDeleted(phase, spec)) {
            List<String> names = VolumeClaims.volumes(ref.name(), spec).stream()
                    .map(volume -> volume.getPersistentVolumeClaim().getClaimName())
                    .toList();
            shard.services().workflows().deleteVolumeClaims(ref.namespace(), names);
        }
    }

    private void announce(WorkflowEvent.Type type, Workflow workflow, @Nullable Active ranBy) {
        if (type == WorkflowEvent.Type.PHASE_CHANGED) {
            announce(type, workflow, (JsonNode) null);
            return;
        }
        boolean isHeld = ranBy != null && ArtifactGcFinalizer.applies(ranBy.spec());
        Workflow whole = isHeld ? withFinalizer(workflow) : workflow;
        WorkflowStatus withoutNodes = whole.getStatus().withNodes(Map.of()).withCompressedNodes(null);
        announce(type, workflow, ApiJson.mapper().valueToTree(whole.withStatus(withoutNodes)));
    }

    private void announce(WorkflowEvent.Type type, Workflow workflow, @Nullable JsonNode object) {
        shard.announce(new WorkflowEvent(
                type,
                ref,
                shard.now(),
                workflow.getStatus().phase().json(),
                workflow.getStatus().message(),
                object));
    }

    /** It was put on before the run began, but the watch may not have told of it yet; artifact-gc goes by what the event says. */
    private static Workflow withFinalizer(Workflow workflow) {
        ObjectMeta meta = workflow.getMetadata();
        return meta.getFinalizers().contains(ArtifactGcFinalizer.NAME)
                ? workflow
                : workflow.withMetadata(new ObjectMetaBuilder(meta)
                        .addToFinalizers(ArtifactGcFinalizer.NAME)
                        .build());
    }
}
