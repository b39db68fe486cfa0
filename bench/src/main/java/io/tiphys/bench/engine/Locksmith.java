package io.tiphys.bench.engine;

import io.tiphys.engine.Command;
import io.tiphys.engine.Input;
import io.tiphys.engine.LockRequest;
import io.tiphys.engine.locks.LockAnswer;
import io.tiphys.engine.locks.LockTable;
import io.tiphys.engine.locks.LockWish;
import java.time.Instant;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** The locks of one run; every semaphore has room for ten. */
final class Locksmith {
    private static final OptionalInt TEN = OptionalInt.of(10);

    private final LockTable table = new LockTable();

    void want(Command.AcquireLocks wish, Instant at) {
        String key = wish.node() + "/" + wish.ticket();
        table.want(new LockWish(key, "u", "default/bench/" + wish.nodeId(), wish.requests(), 0, at, wish.held()));
        for (LockRequest request : wish.requests()) {
            if (request.kind() != LockRequest.Kind.MUTEX) {
                table.limit(request.name(), TEN);
            }
        }
    }

    void release(Command.ReleaseLocks release) {
        table.release(release.node() + "/" + release.ticket());
    }

    /** What the table has to say by now. */
    void answer(Instant at, Consumer<Input> sink) {
        for (LockAnswer answer : table.decide()) {
            sink.accept(input(answer, at));
        }
    }

    private static Input input(LockAnswer answer, Instant at) {
        String key = answer.key();
        int slash = key.indexOf('/');
        int node = Integer.parseInt(key, 0, slash, 10);
        int ticket = Integer.parseInt(key, slash + 1, key.length(), 10);
        return switch (answer) {
            case LockAnswer.Granted _ -> new Input.LocksGranted(node, ticket, at);
            case LockAnswer.Delayed(var _, var lock, var message, var holders) ->
                new Input.LocksDelayed(node, ticket, lock, message, holders, at);
            case LockAnswer.Refused(var _, var message) -> new Input.LocksRefused(node, ticket, message, at);
        };
    }
}
