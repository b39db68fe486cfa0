package io.tiphys.controller.kube;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Reads of what many want to know at the same time: one answers everybody who asked before it began, so nobody gets an answer that is
 * older than the question. One that follows another waits for a moment, for more to ask. Safe for several threads.
 *
 * @param <T> what is read; null if it isn't there
 */
public final class SharedReads<T> {
    private static final int MOST = 1_024;

    /** How to read it. */
    @FunctionalInterface
    public interface Read<T> {
        @Nullable
        T read() throws InterruptedException;
    }

    private static final class Line<T> {
        private final Semaphore turn = new Semaphore(1);
        private final AtomicReference<@Nullable CompletableFuture<@Nullable T>> waiting = new AtomicReference<>();
        private long last;
        private boolean isUsed;
    }

    private final long pauseNanos;
    private final Map<String, Line<T>> lines = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Line<T>> eldest) {
            return size() > MOST;
        }
    };

    /**
     * Nothing was read yet.
     *
     * @param pause from one read of a thing to the next
     */
    public SharedReads(Duration pause) {
        this.pauseNanos = pause.toNanos();
    }

    /** Fails as the read does, for everybody who waits for it. */
    public @Nullable T get(String key, Read<T> read) throws InterruptedException {
        Line<T> line;
        synchronized (lines) {
            line = lines.computeIfAbsent(key, _ -> new Line<>());
        }
        CompletableFuture<@Nullable T> own = new CompletableFuture<>();
        CompletableFuture<@Nullable T> others = line.waiting.compareAndExchange(null, own);
        return others == null ? lead(line, own, read) : follow(others);
    }

    private @Nullable T lead(Line<T> line, CompletableFuture<@Nullable T> answer, Read<T> read)
            throws InterruptedException {
        boolean isOurTurn = false;
        try {
            line.turn.acquire();
            isOurTurn = true;
            if (line.isUsed) {
                TimeUnit.NANOSECONDS.sleep(pauseNanos - (System.nanoTime() - line.last));
            }
            line.waiting.compareAndSet(answer, null); // who asks from now on waits for the next one
            T found = read.read();
            answer.complete(found);
            return found;
        } catch (InterruptedException | RuntimeException e) {
            answer.completeExceptionally(e);
            throw e;
        } finally {
            line.waiting.compareAndSet(answer, null);
            if (isOurTurn) {
                line.isUsed = true;
                line.last = System.nanoTime();
                line.turn.release();
            }
        }
    }

    private static <T> @Nullable T follow(CompletableFuture<@Nullable T> answer) throws InterruptedException {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new CompletionException("whoever read it for all was interrupted", e.getCause());
        }
    }
}
