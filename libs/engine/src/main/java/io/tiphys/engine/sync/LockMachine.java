package io.tiphys.engine.sync;

import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeType;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.engine.Command;
import io.tiphys.engine.Draft;
import io.tiphys.engine.Event;
import io.tiphys.engine.LockClaim;
import io.tiphys.engine.LockRequest;
import io.tiphys.engine.Node;
import io.tiphys.engine.Run;
import io.tiphys.engine.launch.Faults;
import io.tiphys.engine.launch.Launcher;
import io.tiphys.engine.pod.PodMachine;
import io.tiphys.engine.scope.PodScope;
import io.tiphys.expression.CompiledText;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node or workflow that has to hold locks while it runs: asks for all of them at once, stays {@code Pending} until it has
 * them, and goes on from there. The end of it all releases them ({@link Draft#add(Event)}), whatever the way out was.
 */
public final class LockMachine {
    private static final String FAILED = "Failed to acquire the synchronization lock. ";
    private static final int WORKFLOW = -1;

    private LockMachine() {}

    /** Asks for a node's locks, or lets it go on if it has them and only waited for a slot. */
    public static void attend(Draft draft, Node node) {
        LockClaim claim = node.lock();
        CompiledText synchronization =
                node.template() == null ? null : node.template().synchronization();
        if (synchronization == null) {
            return;
        }
        if (claim == null || claim.state() == LockClaim.State.LAPSED) {
            want(draft, node, synchronization);
        } else if (claim.state() == LockClaim.State.GRANTED) {
            goOn(draft, node);
        }
    }

    /** Asks for the workflow's locks unless that was done. */
    public static void want(Draft draft) {
        Run run = draft.run();
        LockClaim claim = run.lock();
        CompiledText synchronization = run.definition().synchronization();
        if (synchronization == null || (claim != null && claim.state() != LockClaim.State.LAPSED)) {
            return;
        }
        switch (LockNames.resolve(synchronization, run.scope(), run.definition().namespace())) {
            case LockNames.Outcome.Problem(var message) -> fail(draft, message);
            case LockNames.Outcome.Named(var requests) -> want(draft, WORKFLOW, "", claim, requests);
        }
    }

    private static void want(Draft draft, Node node, CompiledText synchronization) {
        String refusal = Launcher.refusal(draft.run(), node.isOnExit());
        if (refusal != null) {
            draft.add(new Event.NodePhaseChanged(node.seq(), NodePhase.FAILED, refusal, draft.at()));
            return;
        }
        String namespace = draft.run().definition().namespace();
        switch (LockNames.resolve(synchronization, new PodScope(node), namespace)) {
            case LockNames.Outcome.Problem(var message) ->
                draft.add(new Event.NodePhaseChanged(
                        node.seq(), NodePhase.ERROR, Faults.told(node, message), draft.at()));
            case LockNames.Outcome.Named(var requests) -> {
                want(draft, node.seq(), node.id(), node.lock(), requests);
                if (node.type() == NodeType.POD) {
                    PodMachine.startTimers(draft, node);
                }
            }
        }
    }

    private static void want(
            Draft draft, int node, String nodeId, @Nullable LockClaim before, List<LockRequest> requests) {
        int ticket = before == null ? 1 : before.ticket() + 1;
        draft.add(new Event.LocksWanted(node, ticket, requests));
        draft.add(new Command.AcquireLocks(node, nodeId, ticket, requests, false));
    }

    /** All locks are there. */
    public static void granted(Draft draft, int seq, int ticket) {
        LockClaim claim = claim(draft.run(), seq, ticket);
        if (claim == null) {
            draft.add(new Command.ReleaseLocks(seq, ticket)); // nobody wants them any more
        } else if (claim.state() == LockClaim.State.WANTED || claim.state() == LockClaim.State.WAITING) {
            draft.add(new Event.LocksTaken(seq));
            Node node = draft.run().at(seq);
            if (node != null) {
                goOn(draft, node);
            } else if (seq == WORKFLOW) {
                draft.add(new Event.LocksInEffect(seq));
                if (draft.run().phase() == WorkflowPhase.RUNNING && draft.run().message() != null) {
                    draft.add(new Event.WorkflowPhaseChanged(WorkflowPhase.RUNNING, null, draft.at()));
                }
            }
        }
    }

    private static void goOn(Draft draft, Node node) {
        Long slots = draft.run().parallelism();
        if (node.type() == NodeType.POD && slots != null && draft.run().activePods() >= slots) {
            draft.add(new Event.NodeBlocked(node.seq(), Event.Slot.WORKFLOW));
            return;
        }
        draft.add(new Event.LocksInEffect(node.seq()));
        if (beginsRunning(node.type()) && node.phase() == NodePhase.PENDING && !node.awaitsCache()) {
            draft.add(new Event.NodePhaseChanged(node.seq(), NodePhase.RUNNING, null, draft.at()));
        } else if (node.message() != null) {
            draft.add(new Event.NodeMessageChanged(node.seq(), null));
        }
    }

    private static boolean beginsRunning(NodeType type) {
        return switch (type) {
            case STEPS, DAG, RETRY, SUSPEND -> true;
            case POD, HTTP, PLUGIN, CONTAINER, STEP_GROUP, TASK_GROUP, SKIPPED, UNKNOWN -> false;
        };
    }

    /** They are not to be had yet. */
    public static void delayed(
            Draft draft, int seq, int ticket, String lock, String message, Map<String, List<String>> holders) {
        LockClaim claim = claim(draft.run(), seq, ticket);
        if (claim == null || (claim.state() != LockClaim.State.WANTED && claim.state() != LockClaim.State.WAITING)) {
            return;
        }
        Node node = draft.run().at(seq);
        boolean known = claim.state() == LockClaim.State.WAITING && lock.equals(claim.waitingFor());
        if (!known || !claim.holders().equals(holders)) {
            draft.add(new Event.LocksAwaited(seq, lock, holders));
        }
        if (node != null) {
            if (!message.equals(node.message())) {
                draft.add(new Event.NodeMessageChanged(seq, message));
            }
        } else if (seq == WORKFLOW && !message.equals(draft.run().message())) {
            boolean runs = draft.run().phase() == WorkflowPhase.RUNNING;
            draft.add(new Event.WorkflowPhaseChanged(
                    runs ? WorkflowPhase.RUNNING : WorkflowPhase.PENDING, message, draft.at()));
        }
    }

    /** They are not to be had at all. */
    public static void refused(Draft draft, int seq, int ticket, String message) {
        LockClaim claim = claim(draft.run(), seq, ticket);
        if (claim == null) {
            draft.add(new Command.ReleaseLocks(seq, ticket));
        } else if (seq == WORKFLOW) {
            fail(draft, message);
        } else {
            Node node = draft.run().at(seq);
            String told = node == null ? message : Faults.told(node, message);
            draft.add(new Event.NodePhaseChanged(seq, NodePhase.ERROR, told, draft.at()));
        }
    }

    private static void fail(Draft draft, String message) {
        for (Node node : draft.run().nodes()) {
            if (!node.isFinal()) { // a retry opened it again, and nothing has begun since
                draft.add(new Event.NodePhaseChanged(node.seq(), NodePhase.FAILED, FAILED + message, draft.at()));
            }
        }
        draft.add(new Event.WorkflowPhaseChanged(WorkflowPhase.FAILED, FAILED + message, draft.at()));
        draft.add(new Command.CompleteWorkflow(WorkflowPhase.FAILED, FAILED + message));
    }

    /** The claim that the answer is for; null if that is over. */
    private static @Nullable LockClaim claim(Run run, int seq, int ticket) {
        if (!run.claims(seq, ticket)) {
            return null;
        }
        Node node = run.at(seq);
        return seq == WORKFLOW ? run.lock() : node == null ? null : node.lock();
    }
}
