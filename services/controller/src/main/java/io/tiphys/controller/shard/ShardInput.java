package io.tiphys.controller.shard;

import io.tiphys.api.NodeStatus;
import io.tiphys.api.Workflow;
import io.tiphys.controller.journal.JournaledRun;
import io.tiphys.controller.kube.PodObservation;
import io.tiphys.controller.locks.Standing;
import io.tiphys.engine.Command;
import io.tiphys.engine.Input;
import io.tiphys.messages.LockMessage;
import io.tiphys.messages.TaskResult;
import io.tiphys.messages.WorkflowCommand;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What reaches a shard's event loop, from watches, Kafka and our own requests. */
public sealed interface ShardInput {

    /** A Workflow object is there or was changed. */
    record WorkflowSeen(Workflow workflow, int generation) implements ShardInput {}

    /** A Workflow object is gone. */
    record WorkflowGone(Workflow workflow) implements ShardInput {}

    record PodSeen(PodObservation pod, int generation) implements ShardInput {}

    /** A pod is gone; the observation is the last one. */
    record PodGone(PodObservation pod) implements ShardInput {}

    /**
     * All that there is, as a new generation of watches found it. What isn't listed and wasn't seen by the same generation
     * (it may have come to be since) doesn't exist.
     */
    record Synced(List<Workflow> workflows, List<PodObservation> pods, int generation) implements ShardInput {}

    /**
     * An executor reported.
     *
     * @param processed to be run when the result is journaled, so that its offset may be committed
     */
    record ResultArrived(TaskResult result, Runnable processed) implements ShardInput {}

    /**
     * A user wants something.
     *
     * @param processed to be run when the command is journaled, so that its offset may be committed
     */
    record CommandArrived(WorkflowCommand command, Runnable processed) implements ShardInput {}

    /** What a workflow needs before it can start is there. */
    record Prepared(String uid, Preparation.Outcome outcome) implements ShardInput {}

    /** The journal's records of a finished workflow were read again. */
    record Reloaded(String uid, @Nullable JournaledRun journaled) implements ShardInput {}

    /** A pod exists, by our request or an earlier one. */
    record PodEnsured(String uid, String nodeId) implements ShardInput {}

    /** A node's pod need not be made: the status of the workflow's life before us says how it ended. */
    record NodeAdopted(String uid, NodeStatus node) implements ShardInput {}

    /** Something that the engine asked for is there. */
    record Observed(String uid, Input input) implements ShardInput {}

    /**
     * A pod that nobody waits for any more could not be labelled or deleted for the time being.
     *
     * @param deletes whether it was to be deleted
     */
    record PodUntidy(String uid, PodObservation pod, boolean deletes) implements ShardInput {}

    /** A cache can't say for the time being what it has. */
    record CacheUnavailable(String uid, Command.LookUpCache look, int failures) implements ShardInput {}

    /**
     * What the workflow owns could not be made for the time being.
     *
     * @param failures how often that was so before
     */
    record BelongingsRefused(String uid, int failures) implements ShardInput {}

    record PodRefused(String uid, String nodeId, String message, boolean isTransient) implements ShardInput {}

    /** The agent's pod exists, or why it could not be made. */
    record AgentEnsured(String uid, @Nullable String failure, boolean isTransient) implements ShardInput {}

    /**
     * The list of the agent's tasks was written, or not.
     *
     * @param added nodes whose tasks could not be written
     * @param isFinal whether writing the same again is pointless
     */
    record TasksWritten(String uid, List<String> added, Optional<String> failure, boolean isFinal)
            implements ShardInput {}

    /** The agent can't do a node's task, and never will. */
    record TaskRefused(String uid, String nodeId, String message) implements ShardInput {}

    /**
     * A status write ended.
     *
     * @param workflow the object as written; null if it is gone or the write failed
     * @param failure why the write failed
     * @param form how much of the status was to be in the object
     * @param tooLarge whether that was too much for it
     */
    record StatusWritten(
            String uid,
            @Nullable Workflow workflow,
            @Nullable String failure,
            StatusSize.Form form,
            boolean tooLarge) implements ShardInput {}

    /** What follows from a workflow's new phase could not all be done. */
    record AftermathFailed(String uid, String failure) implements ShardInput {}

    /** Somebody decided about locks that a workflow asked for. */
    record LockAnswered(LockMessage.Answered answer) implements ShardInput {}

    /**
     * All wishes for locks that the shard's workflows have, by uid.
     *
     * @param standing without workflows that have none
     */
    record LocksKnown(Map<String, List<Standing>> standing) implements ShardInput {}

    /**
     * What the journal still holds of workflows that are gone.
     *
     * @param found without those that it holds nothing of; null if it could not be read
     */
    record JournalSwept(@Nullable Map<String, JournaledRun> found) implements ShardInput {}

    /** The loop is to end. */
    record Stop() implements ShardInput {}
}
