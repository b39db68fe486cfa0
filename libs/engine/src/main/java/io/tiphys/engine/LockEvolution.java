package io.tiphys.engine;

import org.jspecify.annotations.Nullable;

/** Applies facts about locks to the node or, under the number -1, to the workflow. */
final class LockEvolution {
    private LockEvolution() {}

    static void apply(Run run, Event.LockEvent event) {
        LockClaim before = event.node() < 0 ? run.lock : run.get(event.node()).lock;
        LockClaim after = after(before, event);
        if (event.node() < 0) {
            run.lock = after;
            run.selfDirty = true;
            run.selfQueued = run.selfQueued || after.state() == LockClaim.State.HELD;
        } else {
            change(run.get(event.node()), after);
        }
    }

    private static LockClaim after(@Nullable LockClaim before, Event.LockEvent event) {
        if (event instanceof Event.LocksWanted(var _, var ticket, var requests)) {
            return new LockClaim(ticket, LockClaim.State.WANTED, requests, null, java.util.Map.of());
        }
        if (before == null) {
            throw new IllegalStateException("no locks were asked for before " + event);
        }
        return switch (event) {
            case Event.LocksWanted _ -> throw new IllegalStateException("dealt with before");
            case Event.LocksAwaited(var _, var waitingFor, var holders) -> before.waiting(waitingFor, holders);
            case Event.LocksTaken _ -> before.to(LockClaim.State.GRANTED);
            case Event.LocksInEffect _ -> before.to(LockClaim.State.HELD);
            case Event.LocksReleased _ -> before.to(LockClaim.State.RELEASED);
        };
    }

    private static void change(Node node, LockClaim claim) {
        Run run = node.run;
        boolean hadSlot = Families.takesPodSlot(node);
        node.lock = claim;
        run.activePods += (Families.takesPodSlot(node) ? 1 : 0) - (hadSlot ? 1 : 0);
        track(node);
        run.touch(node);
        if (claim.state() == LockClaim.State.HELD) {
            run.work.awaitNoMore(node);
            if (node.family != null && node.family.members.size() > 0) {
                Records.enqueueOpen(run); // opened again, so that there are nodes below it which stood still as well
            }
            run.enqueue(node);
        }
    }

    static void track(Node node) {
        if (node.lock != null && node.lock.standing()) {
            node.run.lockHolders.add(node);
        } else {
            node.run.lockHolders.remove(node);
        }
    }

    /** A node or workflow that is opened again has to ask anew. */
    static @Nullable LockClaim lapsed(@Nullable LockClaim claim) {
        return claim == null ? null : claim.to(LockClaim.State.LAPSED);
    }
}
