package io.tiphys.testkit.simulator;

import io.tiphys.engine.Command;
import io.tiphys.engine.Input;
import io.tiphys.engine.LockRequest;
import io.tiphys.engine.locks.LockAnswer;
import io.tiphys.engine.locks.LockTable;
import io.tiphys.engine.locks.LockWish;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * The locks of a simulation: the real table, with limits as the dice say and answers that come in their own time, sometimes
 * twice. Another workflow holds a mutex now and then.
 */
final class SimulatedLocks {
    private static final Duration LONGEST = Duration.ofSeconds(2);
    private static final Duration ELSEWHERE = Duration.ofSeconds(30);

    private final VirtualTime time;
    private final Dice dice;
    private final Consumer<Input> engine;
    private final LockTable table = new LockTable();
    private final Map<String, Command.AcquireLocks> requests = new HashMap<>();

    SimulatedLocks(VirtualTime time, Dice dice, Consumer<Input> engine) {
        this.time = time;
        this.dice = dice;
        this.engine = engine;
    }

    void acquire(Command.AcquireLocks acquire) {
        for (LockRequest request : acquire.requests()) {
            if (dice.oneIn(10) && table.holders(request.name()).isEmpty()) {
                String other = "other/" + request.name();
                table.want(new LockWish(other, "other", other, List.of(request), 0, Instant.EPOCH, true));
                time.after(ELSEWHERE, () -> {
                    table.release(other);
                    decide();
                });
            }
        }
        String key = key(acquire.node(), acquire.ticket());
        requests.put(key, acquire);
        table.want(new LockWish(
                key, "own", "own/" + acquire.nodeId(), acquire.requests(), 0, Instant.EPOCH, acquire.held()));
        decide();
    }

    void release(Command.ReleaseLocks release) {
        table.release(key(release.node(), release.ticket()));
        decide();
    }

    private static String key(int node, int ticket) {
        return node + "/" + ticket;
    }

    private void decide() {
        for (LockRequest unknown : table.unknownLimits()) {
            table.limit(unknown.name(), dice.oneIn(5) ? OptionalInt.empty() : OptionalInt.of(dice.oneIn(2) ? 1 : 3));
        }
        for (LockAnswer answer : table.decide()) {
            Command.AcquireLocks request = requests.get(answer.key());
            if (request != null) {
                tell(request, answer);
                if (dice.oneIn(10)) {
                    tell(request, answer);
                }
            }
        }
    }

    private void tell(Command.AcquireLocks request, LockAnswer answer) {
        int node = request.node();
        int ticket = request.ticket();
        time.after(
                dice.upTo(LONGEST),
                () -> engine.accept(
                        switch (answer) {
                            case LockAnswer.Granted _ -> new Input.LocksGranted(node, ticket, time.now());
                            case LockAnswer.Delayed(var _, var lock, var message, var holders) ->
                                new Input.LocksDelayed(node, ticket, lock, message, holders, time.now());
                            case LockAnswer.Refused(var _, var message) ->
                                new Input.LocksRefused(node, ticket, message, time.now());
                        }));
    }
}
