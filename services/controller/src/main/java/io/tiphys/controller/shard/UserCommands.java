package io.tiphys.controller.shard;

import io.tiphys.controller.shard.ShardTimers.Purpose;
import io.tiphys.controller.shard.ShardTimers.TimerKey;
import io.tiphys.engine.Input;
import io.tiphys.messages.WorkflowCommand;
import io.tiphys.messages.WorkflowRef;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What users want of one workflow's run. For the shard's own thread. */
final class UserCommands {
    private static final Logger LOG = LoggerFactory.getLogger(UserCommands.class);

    private final WorkflowRef ref;
    private final ShardContext shard;
    private final RunDriver run;
    private final TakingUp takingUp;
    private final WorkflowLocks locks;
    private final CommandInbox inbox;

    UserCommands(
            WorkflowRef ref,
            ShardContext shard,
            RunDriver run,
            TakingUp takingUp,
            WorkflowLocks locks,
            CommandInbox inbox) {
        this.ref = ref;
        this.shard = shard;
        this.run = run;
        this.takingUp = takingUp;
        this.locks = locks;
        this.inbox = inbox;
    }

    /**
     * Applies a user's command once; one that comes before the run does waits for it, and only then counts as dealt with: if we
     * end before that, somebody else gets it.
     */
    void take(ShardInput.CommandArrived arrived, Batch batch) {
        WorkflowCommand command = arrived.command();
        Active running = run.active();
        if (running == null) {
            inbox.park(arrived);
            startExpiry();
            takingUp.reload();
            return;
        }
        batch.processed(arrived.processed());
        if (inbox.isApplied(command)) {
            return;
        }
        Optional<Input> input = Commands.toInput(command, shard.now());
        if (input.isEmpty()) {
            LOG.warn("command {} on workflow {}/{} can't be read", command, ref.namespace(), ref.name());
            return;
        }
        inbox.applied(command);
        run.runChanged(batch);
        boolean wasOver = run.isFulfilled();
        run.step(input.get(), batch);
        if (command instanceof WorkflowCommand.Retry && wasOver && !run.isFulfilled()) {
            batch.afterwards(run::ensureBelongings);
            if (locks.needsPermission()) {
                batch.afterwards(() -> locks.askToRun(running, true));
            }
        }
    }

    /** Those that wait have waited long: they go on waiting only while what they wait for is away. */
    void expired(Batch batch) {
        if (takingUp.isStillTrying() && inbox.waitsOn()) {
            startExpiry();
        } else {
            giveUp(batch);
        }
    }

    private void startExpiry() {
        shard.timers()
                .startIfAbsent(
                        new TimerKey(ref.uid(), Purpose.COMMAND_EXPIRY, ""),
                        shard.now().plus(CommandInbox.PATIENCE));
    }

    /** Nobody knows the workflow, or nothing can be done with it. */
    void giveUp(Batch batch) {
        for (ShardInput.CommandArrived arrived : inbox.takeWaiting()) {
            LOG.warn(
                    "command {} on workflow {}/{} is given up: it has no run",
                    arrived.command(),
                    ref.namespace(),
                    ref.name());
            shard.services().metrics().counter("tiphys.commands.expired").increment();
            batch.processed(arrived.processed());
        }
    }
}
