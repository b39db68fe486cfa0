package io.tiphys.controller.shard;

import io.tiphys.api.Workflow;
import io.tiphys.controller.journal.JournalRecords;
import io.tiphys.controller.journal.JournaledRun;
import io.tiphys.controller.journal.JournaledRun.Ending;
import io.tiphys.controller.kube.PodObservation;
import io.tiphys.controller.shard.ShardTimers.TimerKey;
import io.tiphys.messages.WorkflowCommand;
import io.tiphys.messages.WorkflowEvent;
import io.tiphys.messages.WorkflowRef;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The workflows of one shard, and which of them an input concerns. For the shard's own thread. */
final class ShardWorkflows {
    private final ShardContext shard;
    private final JournalSweep sweep;
    private final Map<String, WorkflowDriver> drivers = new LinkedHashMap<>();

    /** Workflows whose journal says that they are over, and that have no run here. */
    private final Map<String, Finished> finished = new LinkedHashMap<>();

    private record Finished(WorkflowRef workflow, Ending how) {}

    ShardWorkflows(ShardContext shard) {
        this.shard = shard;
        this.sweep = new JournalSweep(shard.number(), shard.services(), shard::post);
    }

    /** Makes their runs from what was journaled, which is used up by that. */
    void restore(Map<String, JournaledRun> journaled) {
        journaled.forEach((uid, run) -> {
            if (run.ending().isPresent()) {
                rememberFinished(run.workflow(), run.ending().get());
                return;
            }
            WorkflowDriver driver = new WorkflowDriver(run.workflow(), shard);
            driver.restore(run);
            drivers.put(uid, driver);
        });
        journaled.clear();
    }

    /** By uid. */
    Map<String, WorkflowDriver> drivers() {
        return drivers;
    }

    /** How many are over by their journal. */
    int finishedCount() {
        return finished.size();
    }

    /** How the workflow ended by the journal; null if it isn't over. */
    @Nullable
    Ending ending(String uid) {
        Finished known = finished.get(uid);
        return known == null ? null : known.how();
    }

    void rememberFinished(WorkflowRef workflow, Ending how) {
        finished.put(workflow.uid(), new Finished(workflow, how));
    }

    void forgetFinished(String uid) {
        finished.remove(uid);
    }

    /** Forgets all of them, as after a failure. */
    void clear() {
        forgotten();
        drivers.clear();
        finished.clear();
        sweep.clear();
    }

    /** This replica has no more to do with them. */
    void forgotten() {
        drivers.values().forEach(WorkflowDriver::forgotten);
    }

    void timerFired(TimerKey key, Batch batch) {
        with(key.uid(), driver -> driver.timerFired(key, batch));
    }

    /** Looks on for what the journal still holds of workflows that are gone. */
    void sweep() {
        sweep.go();
    }

    /**
     * Everything that exists has been told: workflows first, then pods, then what came in meanwhile; the rest is gone.
     *
     * @param waiting what came in before
     * @param isFirst whether nothing had been told before
     */
    void sync(ShardInput.Synced all, List<ShardInput> waiting, boolean isFirst, Batch batch) {
        Set<String> gone = new HashSet<>();
        for (ShardInput input : waiting) {
            if (input instanceof ShardInput.WorkflowGone(var workflow)) {
                gone.add(workflow.getMetadata().getUid());
            }
        }
        for (Workflow workflow : all.workflows()) {
            if (!gone.contains(workflow.getMetadata().getUid())) {
                seen(workflow, all.generation(), batch);
            }
        }
        all.pods().forEach(pod -> podSeen(pod, all.generation(), batch));
        waiting.forEach(input -> apply(input, batch));
        for (WorkflowDriver driver : List.copyOf(drivers.values())) {
            if (driver.isUnseenBy(all.generation())) {
                remove(driver.ref().uid(), batch);
            } else {
                driver.news().synced(all.generation(), batch);
                if (isFirst) {
                    driver.carryOn(batch);
                }
                driver.packObject();
            }
        }
        if (isFirst) {
            finished.keySet().stream()
                    .filter(uid -> !drivers.containsKey(uid))
                    .toList()
                    .forEach(uid -> deletedUnwatched(uid, batch));
            batch.afterwards(() -> shard.services().locks().check(shard.number()));
        }
    }

    /** A workflow that is over was deleted while nobody watched. */
    private void deletedUnwatched(String uid, Batch batch) {
        Finished known = finished.remove(uid);
        sweep.add(uid);
        if (known != null) {
            WorkflowRef ref = known.workflow();
            batch.afterwards(() ->
                    shard.announce(new WorkflowEvent(WorkflowEvent.Type.DELETED, ref, shard.now(), "", null, null)));
        }
    }

    /** Hands an input to whom it concerns. */
    void apply(ShardInput input, Batch batch) {
        switch (input) {
            case ShardInput.WorkflowSeen(var workflow, var generation) -> {
                seen(workflow, generation, batch);
                with(workflow.getMetadata().getUid(), WorkflowDriver::packObject);
            }
            case ShardInput.WorkflowGone(var workflow) ->
                remove(workflow.getMetadata().getUid(), batch);
            case ShardInput.PodSeen(var pod, var generation) -> podSeen(pod, generation, batch);
            case ShardInput.PodGone(var pod) ->
                with(pod.workflowUid(), driver -> driver.news().podGone(pod, batch));
            case ShardInput.ResultArrived(var result, var done) -> {
                WorkflowDriver driver = drivers.get(result.workflow().uid());
                if (driver == null || !driver.news().keeps(result, done, batch)) {
                    batch.processed(done);
                }
            }
            case ShardInput.CommandArrived arrived -> {
                WorkflowCommand command = arrived.command();
                drivers.computeIfAbsent(command.workflow().uid(), _ -> new WorkflowDriver(command.workflow(), shard))
                        .command(arrived, batch);
            }
            case ShardInput.Prepared(var uid, var outcome) -> with(uid, driver -> driver.prepared(outcome, batch));
            case ShardInput.Reloaded(var uid, var journaled) -> with(uid, driver -> driver.reloaded(journaled, batch));
            case ShardInput.PodEnsured(var uid, var nodeId) ->
                with(uid, driver -> driver.news().podEnsured(nodeId, batch));
            case ShardInput.NodeAdopted(var uid, var node) -> with(uid, driver -> driver.adopted(node, batch));
            case ShardInput.Observed(var uid, var observed) -> with(uid, driver -> driver.observed(observed, batch));
            case ShardInput.PodRefused(var uid, var nodeId, var message, var isTransient) ->
                with(uid, driver -> driver.news().podRefused(nodeId, message, isTransient, batch));
            case ShardInput.PodUntidy(var uid, var pod, var deletes) ->
                with(uid, driver -> driver.podUntidy(pod, deletes));
            case ShardInput.CacheUnavailable(var uid, var look, var failures) ->
                with(uid, driver -> driver.cacheUnavailable(look, failures));
            case ShardInput.BelongingsRefused(var uid, var failures) ->
                with(uid, driver -> driver.belongingsRefused(failures));
            case ShardInput.AgentEnsured(var uid, var failure, var isTransient) ->
                with(uid, driver -> driver.agentEnsured(failure, isTransient));
            case ShardInput.TasksWritten written -> with(written.uid(), driver -> driver.tasksWritten(written));
            case ShardInput.TaskRefused(var uid, var nodeId, var message) ->
                with(uid, driver -> driver.news().taskRefused(nodeId, message, batch));
            case ShardInput.StatusWritten written ->
                with(written.uid(), driver -> driver.statusWritten(written, batch));
            case ShardInput.AftermathFailed(var uid, var failure) ->
                with(uid, driver -> driver.aftermathFailed(failure));
            case ShardInput.LockAnswered(var answer) -> {
                WorkflowDriver driver = drivers.get(answer.workflow().uid());
                if (driver == null) {
                    batch.afterwards(() -> shard.services()
                            .locks()
                            .releaseAll(answer.workflow().uid()));
                } else {
                    driver.lockAnswered(answer, batch);
                }
            }
            case ShardInput.LocksKnown(var standing) -> {
                standing.keySet().stream()
                        .filter(uid -> !drivers.containsKey(uid))
                        .forEach(uid ->
                                batch.afterwards(() -> shard.services().locks().releaseAll(uid)));
                drivers.forEach((uid, driver) -> driver.locksKnown(standing.getOrDefault(uid, List.of()), batch));
            }
            case ShardInput.JournalSwept(var found) -> sweep.swept(found, new Known(), batch);
            case ShardInput.Synced _, ShardInput.Stop _ -> throw new IllegalStateException("dealt with before");
        }
    }

    private final class Known implements JournalSweep.Known {
        @Override
        public boolean mayGetARun(String uid) {
            WorkflowDriver driver = drivers.get(uid);
            return driver != null && driver.active() == null && !finished.containsKey(uid);
        }

        @Override
        public boolean counts(String uid, String nodeId) {
            WorkflowDriver driver = drivers.get(uid);
            if (driver == null) {
                return false;
            }
            Active active = driver.active();
            boolean isOfNode = !nodeId.isEmpty() && !nodeId.equals(JournalRecords.DEFINITION);
            return active == null || !isOfNode || active.run().node(nodeId) != null;
        }
    }

    private void podSeen(PodObservation pod, int generation, Batch batch) {
        WorkflowDriver driver = drivers.get(pod.workflowUid());
        if (driver != null) {
            driver.news().podSeen(pod, generation, batch);
        } else if (pod.hold() == PodObservation.Hold.LEAVING) { // its workflow was deleted, and it with it
            String name = pod.facts().podName();
            batch.afterwards(() -> shard.requests()
                    .submit(
                            pod.namespace() + "/pods/" + name,
                            () -> shard.services().pods().release(pod.namespace(), name)));
        }
    }

    private void seen(Workflow workflow, int generation, Batch batch) {
        var meta = workflow.getMetadata();
        drivers.computeIfAbsent(
                        meta.getUid(),
                        uid -> new WorkflowDriver(new WorkflowRef(meta.getNamespace(), meta.getName(), uid), shard))
                .seen(workflow, generation, batch);
    }

    private void with(String uid, Consumer<WorkflowDriver> action) {
        WorkflowDriver driver = drivers.get(uid);
        if (driver != null) {
            action.accept(driver);
        }
    }

    private void remove(String uid, Batch batch) {
        WorkflowDriver driver = drivers.remove(uid);
        if (driver != null) {
            finished.remove(uid);
            if (!driver.gone(batch)) {
                sweep.add(uid);
            }
        }
    }
}
