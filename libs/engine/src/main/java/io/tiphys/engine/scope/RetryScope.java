package io.tiphys.engine.scope;

import io.tiphys.engine.Node;
import io.tiphys.expression.Scope;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The variables of {@code retryStrategy.expression}: what became of the last attempt. */
public final class RetryScope implements Scope {
    private final Node last;
    private final int attempts;

    public RetryScope(Node last, int attempts) {
        this.last = last;
        this.attempts = attempts;
    }

    @Override
    public @Nullable Object get(String name) {
        return switch (name) {
            case "retries" -> Integer.toString(attempts - 1);
            case "lastRetry.exitCode" -> {
                String exitCode = last.outputs() == null ? null : last.outputs().exitCode();
                yield exitCode == null ? "-1" : exitCode;
            }
            case "lastRetry.status" -> last.phase().json();
            case "lastRetry.duration" -> duration(last);
            case "lastRetry.message" -> last.message() == null ? "" : last.message();
            default -> null;
        };
    }

    /** Seconds between start and end, as Go prints a float. */
    static String duration(Node node) {
        double seconds = Math.max(0, node.finishedAt() - node.startedAt()) / 1000.0;
        return seconds == Math.rint(seconds) ? Long.toString((long) seconds) : Double.toString(seconds);
    }

    @Override
    public Collection<String> names() {
        return List.of("retries", "lastRetry.exitCode", "lastRetry.status", "lastRetry.duration", "lastRetry.message");
    }
}
