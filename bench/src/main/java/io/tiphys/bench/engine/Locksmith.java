package io.tiphys.bench.engine;

import io.tiphys.engine.Command;
import io.tiphys.engine.Input;
import io.tiphys.engine.LockRequest;
import io.tiphys.engine.locks.LockAnswer;
import io.tiphys.engine.locks.LockTable;
import io.tiphys.engine.locks.LockWish;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** The locks of one run; every semaphore has room for ten. */
final class Locksmith {
    private static final OptionalInt TEN = OptionalInt.of(10);

    private final LockTable table = new LockTable();
    private final Map<String, Command.AcquireLocks> asked = new HashMap<>();

    void want(Command.AcquireLocks wish, Instant at) {
        String key = wish.node() + "/" + wish.ticket();
        asked.put(key, wish);
        table.want(new LockWish(key, "u", "default/bench/" + wish.nodeId(), wish.requests(), 0, at, wish.held()));
        for (LockRequest request : wish.requests()) {
            if (request.kind() != LockRequest.Kind.MUTEX) {
                table.limit(request.name(), TEN);
            }
        }
    }

    void release(Command.ReleaseLocks release) {
        String key = release.node() + "/" + release.ticket();
        asked.remove(key);
        table.release(key);
    }

    /** What the table has to say by now. */
    void answer(Instant at, Consumer<Input> sink) {
        for (LockAnswer answer : table.decide()) {
            Command.AcquireLocks wish = asked.get(answer.key());
            if (wish != null) {
                sink.accept(input(answer, wish, at));
            }
        }
    }

    private static Input input(LockAnswer answer, Command.AcquireLocks wish, Instant at) {
        return switch (answer) {
            case LockAnswer.Granted _ -> new Input.LocksGranted(wish.node(), wish.ticket(), at);
            case LockAnswer.Delayed(var _, var lock, var message, var holders) ->
                new Input.LocksDelayed(wish.node(), wish.ticket(), lock, message, holders, at);
            case LockAnswer.Refused(var _, var message) ->
                new Input.LocksRefused(wish.node(), wish.ticket(), message, at);
        };
    }
}
