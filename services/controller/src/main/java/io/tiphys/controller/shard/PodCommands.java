package io.tiphys.controller.shard;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out what a shard wants of the API server on virtual threads: what concerns the same object one after the other,
 * everything else side by side. Nothing is begun while the shard may have gone to another replica ({@link Lease}).
 */
final class PodCommands {
    private static final Logger LOG = LoggerFactory.getLogger(PodCommands.class);

    /** A blocking request; failures of the API server are its own to deal with. */
    @FunctionalInterface
    interface Action {
        void run() throws InterruptedException;
    }

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final ExecutorService threads;
    private final Lease lease;
    private final Map<String, Deque<Action>> waiting = new HashMap<>();
    private volatile boolean closed;

    PodCommands(ExecutorService threads, Lease lease) {
        this.threads = threads;
        this.lease = lease;
    }

    /** Runs the action after those that were submitted before it for the same object. */
    synchronized void submit(String object, Action action) {
        if (closed) {
            return;
        }
        Deque<Action> queue = waiting.get(object);
        if (queue != null) {
            queue.add(action);
            return;
        }
        waiting.put(object, new ArrayDeque<>());
        threads.execute(() -> runAll(object, action));
    }

    /** Starts nothing more; what is under way with the API server ends by itself. */
    synchronized void close() {
        closed = true;
        waiting.values().forEach(Deque::clear);
    }

    private void runAll(String object, Action first) {
        Action action = first;
        while (action != null) {
            try {
                if (isStillOurs()) {
                    action.run();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                LOG.error("request about {} failed", object, e);
            }
            action = next(object);
        }
    }

    /** Waits until it is sure that nobody else has the shard; false once it is given up. */
    private boolean isStillOurs() throws InterruptedException {
        while (!closed) {
            if (lease.await(PATIENCE)) {
                return !closed;
            }
        }
        return false;
    }

    private synchronized @Nullable Action next(String object) {
        Deque<Action> queue = waiting.get(object);
        Action action = queue == null ? null : queue.poll();
        if (action == null) {
            waiting.remove(object);
        }
        return action;
    }
}
