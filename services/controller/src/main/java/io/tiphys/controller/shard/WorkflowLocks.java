package io.tiphys.controller.shard;

import io.tiphys.controller.locks.Locks;
import io.tiphys.controller.locks.Standing;
import io.tiphys.engine.Command;
import io.tiphys.engine.Input;
import io.tiphys.engine.LockRequest;
import io.tiphys.engine.Run;
import io.tiphys.engine.locks.LockTable;
import io.tiphys.messages.LockMessage;
import io.tiphys.messages.WorkflowRef;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A workflow's dealings with the locks that it shares with others: what its run asks for and gives back, and its permission
 * to run at all where the operator limits how many may. For the shard's own thread.
 */
final class WorkflowLocks {
    private static final int NONE = 0;

    private final WorkflowRef ref;
    private final ShardContext shard;

    /** Of the wish for permission; that of no earlier life of the workflow, so it is a time. */
    private int admission = NONE;

    WorkflowLocks(WorkflowRef ref, ShardContext shard) {
        this.ref = ref;
        this.shard = shard;
    }

    void acquire(Command.AcquireLocks acquire, Active active) {
        String holder = ref.namespace() + "/" + ref.name();
        want(
                acquire.node(),
                acquire.ticket(),
                acquire.nodeId().isEmpty() ? holder : holder + "/" + acquire.nodeId(),
                acquire.requests(),
                acquire.held(),
                active);
    }

    void release(Command.ReleaseLocks release) {
        locks().release(ref.uid(), release.node(), release.ticket());
    }

    /** Whether the operator limits how many workflows may run where this one is. */
    boolean needsPermission() {
        return locks().limitsWorkflowsOf(ref.namespace());
    }

    /**
     * Asks for permission to run, or says that the workflow runs and counts.
     *
     * @param runs whether it does, with or without permission
     */
    void askToRun(Active active, boolean runs) {
        if (admission == NONE) {
            admission = (int) shard.now().getEpochSecond();
        }
        List<LockRequest> requests = List.of(
                new LockRequest(LockTable.ALL_WORKFLOWS, LockRequest.Kind.PARALLELISM),
                new LockRequest(LockTable.workflowsOf(ref.namespace()), LockRequest.Kind.PARALLELISM));
        want(LockMessage.ADMISSION, admission, ref.namespace() + "/" + ref.name(), requests, runs, active);
    }

    /** The workflow doesn't run any more. */
    void over() {
        if (admission != NONE) {
            locks().release(ref.uid(), LockMessage.ADMISSION, admission);
            admission = NONE;
        }
    }

    /** Nothing of it is wanted any more. */
    void gone() {
        over();
        locks().releaseAll(ref.uid());
    }

    /**
     * Compares what the workflow has to do with locks with what is known of that: repeats wishes that got lost, and ends those
     * that nobody has any more; when what the run has decided is written down, as whoever releases a lock must not get it back.
     *
     * @return answers that the run may have missed
     */
    List<LockMessage.Answered> compare(List<Standing> standing, Active active, Batch batch) {
        Run run = active.run();
        boolean isOver = run.phase().isFulfilled();
        Set<String> known = new HashSet<>();
        for (Standing each : standing) {
            LockMessage.Wanted wish = each.wish();
            boolean isPermission = wish.node() == LockMessage.ADMISSION;
            if (isPermission ? isOver : !run.claims(wish.node(), wish.ticket())) {
                batch.afterwards(() -> locks().release(ref.uid(), wish.node(), wish.ticket()));
                continue;
            }
            known.add(wish.wish());
            if (isPermission && admission == NONE) {
                admission = wish.ticket();
            }
        }
        for (Command command : run.pendingLockCommands()) {
            if (command instanceof Command.AcquireLocks acquire
                    && !known.contains(LockMessage.wish(ref.uid(), acquire.node(), acquire.ticket()))) {
                batch.afterwards(() -> acquire(acquire, active));
            }
        }
        boolean hasAsked = known.contains(LockMessage.wish(ref.uid(), LockMessage.ADMISSION, admission));
        if (!isOver && !hasAsked && needsPermission()) {
            boolean runs = hasStarted(run);
            batch.afterwards(() -> askToRun(active, runs));
        }
        return standing.stream()
                .filter(each ->
                        each.answer() != null && known.contains(each.wish().wish()))
                .map(Standing::answer)
                .toList();
    }

    /** Whether the run was let in already; it may be Pending still, for its locks. */
    static boolean hasStarted(Run run) {
        return switch (run.phase()) {
            case UNKNOWN, PENDING -> run.lock() != null;
            case RUNNING, SUCCEEDED, FAILED, ERROR -> true;
        };
    }

    static Input toInput(LockMessage.Answered answer, Instant now) {
        String message = answer.message() == null ? "" : answer.message();
        if (answer.node() == LockMessage.ADMISSION) {
            return answer.verdict() == LockMessage.Verdict.GRANTED
                    ? new Input.Started(now)
                    : new Input.Postponed(message, now);
        }
        return switch (answer.verdict()) {
            case GRANTED -> new Input.LocksGranted(answer.node(), answer.ticket(), now);
            case DELAYED ->
                new Input.LocksDelayed(
                        answer.node(),
                        answer.ticket(),
                        answer.lock() == null ? "" : answer.lock(),
                        message,
                        answer.holders(),
                        now);
            case REFUSED -> new Input.LocksRefused(answer.node(), answer.ticket(), message, now);
        };
    }

    private void want(int node, int ticket, String holder, List<LockRequest> requests, boolean held, Active active) {
        Integer priority = active.spec().priority();
        String created = active.definition().workflow().getMetadata().getCreationTimestamp();
        locks().want(new LockMessage.Wanted(
                ref,
                node,
                ticket,
                shard.now(),
                holder,
                requests.stream()
                        .map(lock -> new LockMessage.LockName(
                                lock.name(), lock.kind().name()))
                        .toList(),
                priority == null ? 0 : priority,
                Instants.parse(created).orElse(Instant.EPOCH),
                held));
    }

    private Locks locks() {
        return shard.services().locks();
    }
}
