package io.tiphys.controller.shard;

import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tiphys.api.ArtGCStatus;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.api.WorkflowStatus;
import io.tiphys.controller.kube.ApiFailure;
import io.tiphys.controller.lifecycle.ArtifactGcFinalizer;
import io.tiphys.controller.lifecycle.PhaseLabels;
import io.tiphys.controller.shard.ShardTimers.Purpose;
import io.tiphys.controller.shard.ShardTimers.TimerKey;
import io.tiphys.controller.shard.StatusSize.Fitted;
import io.tiphys.controller.shard.StatusSize.Form;
import io.tiphys.engine.Run;
import io.tiphys.messages.Shards;
import io.tiphys.messages.WorkflowRef;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the Workflow's {@code status} in step with its run, one write at a time: at once when it ends or has to wait, otherwise at
 * most once per interval. That it has begun may wait for the interval, too: then a short workflow is written once. The interval
 * grows with the number of nodes, so that large statuses don't take more than a small part of the time, and while the API server
 * can't keep up; where many workflows run they take turns ({@link StatusRate}). That a large one runs again after a retry, which
 * somebody waits for, is said before its nodes are written. For the shard's own thread; the write itself runs
 * elsewhere.
 */
final class StatusProjection {
    private static final Logger LOG = LoggerFactory.getLogger(StatusProjection.class);
    /** Annotation of a workflow that ended without its run: why. */
    private static final String STOPPED = "tiphys.io/stopped";

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);
    /** A write takes some 25 µs per node of us and the API server; so it takes a twentieth of the time at most. */
    private static final Duration INTERVAL_PER_NODE = Duration.ofNanos(500_000);

    /** To write fewer nodes takes no longer than to say beforehand that they will be. */
    private static final int MANY_NODES = 20;

    private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(30);
    /** While requests stand in line, each status that only shows progress makes somebody else's workflow slower. */
    private static final int WHEN_BUSY = 5;

    private final WorkflowRef ref;
    private final ShardContext shard;
    private final LatestObject object;
    private @Nullable Active active;
    private boolean due;
    private boolean writing;
    /** The object says that it runs again, but has the nodes of its end still. */
    private boolean reopened;

    private @Nullable Instant lastWrite;
    private StatusRate.@Nullable Turn turn;
    private boolean stopped;
    private Form largest = Form.INLINE;
    private int nodesThatDidNotFit = Integer.MAX_VALUE;
    private long measuredGeneration = -1;
    private int room;

    /**
     * Nothing is due yet.
     *
     * @param object whose status it is; takes what the writes answer
     */
    StatusProjection(WorkflowRef ref, ShardContext shard, LatestObject object) {
        this.ref = ref;
        this.shard = shard;
        this.object = object;
    }

    void activate(Active running) {
        active = running;
    }

    /** The run is let go of. */
    void retire() {
        active = null;
        giveTurnBack();
    }

    /** Whether the object says all that the run does. */
    boolean isIdle() {
        return !due && !writing;
    }

    /** Whether the workflow was ended without its run. */
    boolean isStopped() {
        Workflow known = object.get();
        return stopped || (known != null && isStopped(known));
    }

    /** Whether the workflow was stopped in its object only; see {@link #stop}. */
    static boolean isStopped(Workflow workflow) {
        Map<String, String> annotations = workflow.getMetadata().getAnnotations();
        return annotations != null && annotations.containsKey(STOPPED);
    }

    /** Ends the workflow in its object, whatever its run says: the last status that is written. */
    void stop(String reason) {
        stopped = true;
        Workflow known = object.get();
        boolean isLeaving = known != null
                && known.getMetadata().getDeletionTimestamp() != null
                && PhaseLabels.isCompleted(known); // it is over, and the nodes that its status has aren't known here
        if (known == null || isLeaving) {
            return;
        }
        shard.requests().submit(ref.namespace() + "/workflows/" + ref.name(), () -> {
            try {
                shard.services().workflows().decorate(ref, Map.of(), Map.of(STOPPED, reason));
                Optional<Workflow> written = shard.services()
                        .workflows()
                        .writeStatus(
                                known,
                                PhaseLabels.of(
                                        WorkflowPhase.ERROR,
                                        shard.services().settings().archives(),
                                        known),
                                current -> current.withPhase(WorkflowPhase.ERROR)
                                        .withMessage(reason)
                                        .withFinishedAt(shard.now()));
                shard.post(new ShardInput.StatusWritten(ref.uid(), written.orElse(null), null, Form.INLINE, false));
            } catch (RuntimeException e) {
                LOG.error("workflow {}/{} could not be told that it is stopped", ref.namespace(), ref.name(), e);
            }
        });
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
        Workflow known = mayWrite() ? object.get() : null;
        if (known == null || active == null || isStopped(known)) {
            return;
        }
        WorkflowPhase shown = known.getStatus().phase();
        WorkflowPhase phase = active.run().phase();
        boolean isRetried = phase == WorkflowPhase.RUNNING && shown.isFulfilled();
        if (isRetried && !reopened && active.run().nodeCount() > MANY_NODES) {
            reopen(known);
            return;
        }
        // that it runs may be shown a little later, but for a retry, which somebody waits for
        boolean isUrgent = reopened || isRetried || (shown != phase && phase != WorkflowPhase.RUNNING);
        Instant now = shard.now();
        if (lastWrite == null) {
            lastWrite = now; // nothing was written yet: the interval begins with the first change
        }
        Instant earliest = lastWrite.plus(interval(active.run().nodeCount()));
        if (isUrgent) {
            write();
        } else if (now.isBefore(earliest)) {
            shard.timers().startIfAbsent(timer(), earliest);
        } else {
            writeInTurn(now, shown != phase);
        }
    }

    private void writeInTurn(Instant now, boolean isBeginning) {
        if (turn == null) {
            turn = shard.services().statusRate().book(now, isBeginning);
        }
        if (now.isBefore(turn.at())) {
            shard.timers().startIfAbsent(timer(), turn.at());
            return;
        }
        turn = null;
        write();
    }

    /** All that is due is written afterwards, whether this succeeds or not. */
    private void reopen(Workflow known) {
        reopened = true;
        writing = true;
        Map<String, @Nullable String> labels = labels(known, WorkflowPhase.RUNNING);
        shard.requests().submit(ref.namespace() + "/workflows/" + ref.name(), () -> {
            Workflow written = null;
            try {
                written = shard.services().workflows().reopen(known, labels).orElse(null);
            } catch (RuntimeException e) {
                LOG.warn("workflow {}/{} can't be shown as running again yet", ref.namespace(), ref.name(), e);
            }
            shard.post(new ShardInput.StatusWritten(ref.uid(), written, null, Form.INLINE, false));
        });
    }

    private void giveTurnBack() {
        if (turn != null) {
            shard.services().statusRate().giveBack(turn);
            turn = null;
        }
    }

    private TimerKey timer() {
        return new TimerKey(ref.uid(), Purpose.STATUS, "");
    }

    private Duration interval(int nodes) {
        Duration configured = shard.services().settings().statusInterval();
        Duration affordable = INTERVAL_PER_NODE.multipliedBy(nodes);
        if (affordable.compareTo(LONGEST_INTERVAL) > 0) {
            affordable = LONGEST_INTERVAL;
        }
        Duration interval = affordable.compareTo(configured) > 0 ? affordable : configured;
        return shard.services().calls().isBusy() ? interval.multipliedBy(WHEN_BUSY) : interval;
    }

    private boolean mayWrite() {
        return due && !writing && !stopped && active != null;
    }

    /** Writes now, unless a write is under way: then the next one follows it. */
    private void write() {
        Workflow known = mayWrite() ? object.get() : null;
        if (known == null || active == null || isStopped(known)) {
            return;
        }
        due = false;
        writing = true;
        reopened = false;
        giveTurnBack();
        shard.timers().cancel(timer());
        lastWrite = shard.now();
        Definition definition = active.definition();
        int space = room(known);
        Form form = form(active.run(), space);
        WorkflowStatus status = form.compareTo(Form.OFFLOADED) >= 0
                ? active.run().summary()
                : active.run().status();
        boolean deletes = ArtifactGcFinalizer.applies(active.spec());
        Map<String, @Nullable String> labels = labels(known, status.phase());
        List<Volume> claims = VolumeClaims.areDeleted(status.phase(), active.spec())
                ? List.of()
                : VolumeClaims.volumes(ref.name(), active.spec());
        shard.requests().submit(ref.namespace() + "/workflows/" + ref.name(), () -> {
            Form tried = form;
            try {
                Fitted fitted = StatusSize.fitted(
                        status.withPersistentVolumeClaims(claims).withArtifactRepositoryRef(definition.repositoryRef()),
                        space,
                        form);
                tried = fitted.form();
                WorkflowStatus sized = fitted.status();
                Optional<Workflow> written = shard.services()
                        .workflows()
                        .writeStatus(
                                known,
                                labels,
                                current -> sized.withArtifactGCStatus(gcStatus(current, sized, deletes)));
                shard.post(new ShardInput.StatusWritten(ref.uid(), written.orElse(null), null, tried, false));
            } catch (KubernetesClientException e) {
                boolean tooLarge = ApiFailure.isTooLarge(e);
                shard.post(new ShardInput.StatusWritten(ref.uid(), null, ApiFailure.reason(e), tried, tooLarge));
            } catch (RuntimeException e) {
                shard.post(new ShardInput.StatusWritten(ref.uid(), null, e.toString(), tried, false));
            }
        });
    }

    /** Those that the object lacks, null for one that it must lack. */
    private Map<String, @Nullable String> labels(Workflow known, WorkflowPhase phase) {
        Map<String, @Nullable String> labels = new HashMap<>();
        var present = known.getMetadata().getLabels();
        if (present == null || !present.containsKey(Shards.LABEL)) {
            labels.put(Shards.LABEL, Integer.toString(shard.number()));
        }
        if (phase != PhaseLabels.phase(known)) {
            labels.putAll(PhaseLabels.of(phase, shard.services().settings().archives(), known));
        }
        return labels;
    }

    /** Others write how far the deletion of artifacts has come; that there is none to come is said at the end. */
    private static @Nullable ArtGCStatus gcStatus(WorkflowStatus current, WorkflowStatus next, boolean deletes) {
        boolean none = !deletes && next.phase().isFulfilled() && current.artifactGCStatus() == null;
        return none ? new ArtGCStatus(Map.of(), Map.of(), true) : current.artifactGCStatus();
    }

    /** What is tried first: nodes that did not fit don't when there are more of them. */
    private Form form(Run run, int space) {
        Form form = largest == Form.OFFLOADED && run.nodeCount() < nodesThatDidNotFit ? Form.PACKED : largest;
        boolean isHopeless =
                form.compareTo(Form.OFFLOADED) < 0 && StatusSize.isOutOfReach(run.nodes(), run::status, space);
        return isHopeless ? Form.OFFLOADED : form;
    }

    private int room(Workflow known) {
        Long generation = known.getMetadata().getGeneration();
        if (generation == null || generation != measuredGeneration) {
            room = StatusSize.room(known);
            measuredGeneration = generation == null ? -1 : generation;
        }
        return room;
    }

    /** How a write ended. Returns why the workflow can't go on, if it can't: not even a bare status has a place. */
    @Nullable
    String written(ShardInput.StatusWritten outcome) {
        writing = false;
        if (outcome.workflow() != null) {
            object.take(outcome.workflow());
        }
        if (outcome.form() == Form.OFFLOADED && outcome.failure() == null && active != null) {
            largest = Form.OFFLOADED;
            nodesThatDidNotFit = Math.min(nodesThatDidNotFit, active.run().nodeCount());
        }
        if (outcome.tooLarge()) {
            return tooLarge(outcome.form(), String.valueOf(outcome.failure()));
        }
        if (outcome.failure() != null) {
            LOG.warn("status of workflow {}/{} was not written: {}", ref.namespace(), ref.name(), outcome.failure());
            due = true;
            shard.timers().start(timer(), shard.now().plus(AFTER_FAILURE));
            return null;
        }
        scheduleOrWrite();
        return null;
    }

    private @Nullable String tooLarge(Form tried, String failure) {
        shard.services().metrics().counter("tiphys.status.too.large").increment();
        if (tried == Form.BARE) {
            LOG.error(
                    "status of workflow {}/{} can't be written any more, its object is full: {}",
                    ref.namespace(),
                    ref.name(),
                    failure);
            stopped = true;
            return null;
        }
        LOG.info(
                "status of workflow {}/{} is too large as {}, smaller from now on: {}",
                ref.namespace(),
                ref.name(),
                tried,
                failure);
        largest = tried.next();
        due = true;
        if (largest != Form.BARE) {
            nodesThatDidNotFit = 0;
            write();
            return null;
        }
        return "the workflow's status has no place: even without its nodes it is larger than what the Kubernetes API takes in an"
                + " object together with the spec (etcd's --max-request-bytes, 1.5 MiB if not set: " + failure
                + "); pass large outputs as artifacts";
    }
}
