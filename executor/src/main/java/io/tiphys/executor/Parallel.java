package io.tiphys.executor;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Does the same to many things, several at a time, each on a virtual thread. */
public final class Parallel {
    private Parallel() {}

    @FunctionalInterface
    public interface Step<T, R> {
        R apply(T item) throws IOException;
    }

    /**
     * The results in the order of the items.
     *
     * @throws IOException the first failure in the order of the items; the others have been carried through or interrupted by then
     */
    public static <T, R> List<R> map(List<T> items, int atATime, Step<T, R> step) throws IOException {
        var permits = new Semaphore(atATime);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<R>>();
            for (var item : items) {
                running.add(threads.submit(() -> {
                    permits.acquire();
                    try {
                        return step.apply(item);
                    } finally {
                        permits.release();
                    }
                }));
            }
            var results = new ArrayList<R>();
            try {
                for (var future : running) {
                    results.add(future.get());
                }
                return results;
            } catch (InterruptedException e) {
                threads.shutdownNow();
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted");
            } catch (ExecutionException e) {
                threads.shutdownNow();
                throw asIOException(e.getCause());
            }
        }
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
