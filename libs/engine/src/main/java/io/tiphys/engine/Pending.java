package io.tiphys.engine;

import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeType;
import io.tiphys.engine.command.WorkRouter;
import io.tiphys.engine.pod.PodMachine;
import io.tiphys.engine.pod.PodReports;
import io.tiphys.engine.task.TaskMachine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The commands that must be outstanding in a given state; O(nodes), for recovery. */
final class Pending {
    private Pending() {}

    static List<Command> of(Run run) {
        List<Command> commands = new ArrayList<>();
        if (run.phase.isFulfilled()) {
            commands.add(new Command.CompleteWorkflow(run.phase, run.message));
        }
        Long deadline = run.deadline();
        if (deadline != null && !run.deadlinePassed && !run.phase.isFulfilled()) {
            commands.add(new Command.StartTimer(TimerKey.DEADLINE, Instant.ofEpochMilli(deadline)));
        }
        for (Node node : run.nodes()) {
            add(commands, run, node);
        }
        commands.addAll(ofLocks(run));
        return commands;
    }

    static List<Command> ofLocks(Run run) {
        List<Command> commands = new ArrayList<>();
        add(commands, -1, "", run.lock);
        run.lockHolders.forEach(node -> add(commands, node.seq, node.id(), node.lock));
        return commands;
    }

    private static void add(List<Command> commands, int node, String nodeId, @Nullable LockClaim claim) {
        if (claim != null && claim.standing()) {
            boolean held = claim.state() == LockClaim.State.GRANTED || claim.state() == LockClaim.State.HELD;
            commands.add(new Command.AcquireLocks(node, nodeId, claim.ticket(), claim.requests(), held));
        }
    }

    private static void add(List<Command> commands, Run run, Node node) {
        Memo memo = node.memo;
        if (memo != null && Memo.isForCache(node) && node.phase == NodePhase.SUCCEEDED) {
            commands.add(new Command.SaveCache(node.id(), memo.cacheName(), memo.key(), node.outputs));
        }
        if (node.isFinal()) {
            if (node.podEndRequested && !run.phase.isFulfilled()) {
                String reason = node.message == null ? "" : node.message;
                commands.add(new Command.EndPod(node.id(), node.podName(), Command.EndPod.How.TERMINATE, reason));
            }
            return;
        }
        if (node.lacksLocks()) {
            if (node.type == NodeType.POD && node.lock != null && node.lock.standing()) {
                Draft draft = new Draft(run, Instant.ofEpochMilli(node.startedAt));
                PodMachine.startTimers(draft, node);
                commands.addAll(draft.decision().commands());
            }
            return;
        }
        if (node.awaitsCache()) {
            if (memo != null) {
                commands.add(new Command.LookUpCache(node.id(), memo.cacheName(), memo.key()));
            }
            return;
        }
        boolean unordered = node.type == NodeType.POD && node.phase == NodePhase.PENDING && !node.podSeen;
        boolean begun = node.type == NodeType.SUSPEND;
        if (unordered || begun) {
            // what the machine orders when it first looks is what must be outstanding
            Draft draft = new Draft(run, Instant.ofEpochMilli(node.startedAt));
            WorkRouter.attend(draft, node);
            commands.addAll(draft.decision().commands());
        }
        if (TaskMachine.isTask(node)) {
            Draft draft = new Draft(run, Instant.ofEpochMilli(node.startedAt));
            TaskMachine.order(draft, node);
            commands.addAll(draft.decision().commands());
        }
        if (node.type == NodeType.RETRY && node.backoffUntil > 0) {
            commands.add(new Command.StartTimer(TimerKey.retry(node), Instant.ofEpochMilli(node.backoffUntil)));
        }
        if (node.endedAt > 0) {
            Instant at = Instant.ofEpochMilli(node.endedAt).plus(PodReports.GRACE);
            commands.add(new Command.StartTimer(TimerKey.result(node), at));
        }
    }
}
