package io.tiphys.executor;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Does the same to many things, several at a time, each on a virtual thread. */
public final class Parallel {
    private Parallel() {}

    @FunctionalInterface
    public interface Step<T, R> {
        R apply(T item) throws IOException;
    }

    /** Lets so many run at a time; {@code enter} waits for a place. */
    public interface Gate {
        void enter() throws InterruptedIOException;

        void leave();
    }

    /**
     * The results in the order of the items.
     *
     * @throws IOException the first failure in the order of the items; nothing new was begun after it, the others have been carried through
     *     or interrupted by then
     */
    public static <T, R> List<R> map(List<T> items, int atATime, Step<T, R> step) throws IOException {
        var permits = new Semaphore(atATime);
        return map(
                items,
                new Gate() {
                    @Override
                    public void enter() throws InterruptedIOException {
                        try {
                            permits.acquire();
                        } catch (InterruptedException e) {
                            throw interrupted();
                        }
                    }

                    @Override
                    public void leave() {
                        permits.release();
                    }
                },
                step);
    }

    /** As above; there are never more threads than the gate lets in. */
    public static <T, R> List<R> map(List<T> items, Gate gate, Step<T, R> step) throws IOException {
        var failed = new AtomicBoolean();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<R>>(items.size());
            try {
                for (var item : items) {
                    gate.enter();
                    if (failed.get()) {
                        gate.leave();
                        break;
                    }
                    running.add(threads.submit(() -> {
                        try {
                            return step.apply(item);
                        } catch (IOException | RuntimeException | Error e) {
                            failed.set(true);
                            throw e;
                        } finally {
                            gate.leave();
                        }
                    }));
                }
                var results = new ArrayList<R>(running.size());
                for (var future : running) {
                    results.add(future.get());
                }
                return results;
            } catch (InterruptedIOException e) {
                threads.shutdownNow();
                throw e;
            } catch (InterruptedException e) {
                threads.shutdownNow();
                throw interrupted();
            } catch (ExecutionException e) {
                threads.shutdownNow();
                throw asIOException(e.getCause());
            }
        }
    }

    private static InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted");
    }

    private static IOException asIOException(@Nullable Throwable cause) {
        return switch (cause) {
            case null -> new IOException("failed without a reason");
            case IOException e -> e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> new IOException(cause);
        };
    }
}
