package io.tiphys.executor.http;

import io.tiphys.executor.Log;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Ends a transfer that stands still: the JDK's blocking client has one limit for reading headers and body, and none for writing. The thread
 * that waits is interrupted, which closes its socket if that is a channel or the thread a virtual one; the interrupt doesn't outlast the step.
 */
final class Stillness implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final Duration longest;
    private final Thread watch;
    private @Nullable Thread waiting;
    private long since;
    private boolean over;

    Stillness() {
        this(LONGEST);
    }

    Stillness(Duration longest) {
        this.longest = longest;
        this.watch = Thread.ofVirtual().name("watch-transfer").start(this::watch);
    }

    /** What may wait for the other side. */
    interface Step<T> {
        T run() throws IOException;
    }

    /**
     * Does one step.
     *
     * @throws IOException if nothing moved for that long, or what the step throws
     */
    <T> T bounded(Step<T> step) throws IOException {
        begin();
        try {
            return step.run();
        } finally {
            end();
        }
    }

    private synchronized void begin() {
        waiting = Thread.currentThread();
        since = System.nanoTime();
    }

    private synchronized void end() throws IOException {
        waiting = null;
        if (over) {
            var _ = Thread.interrupted();
            throw new IOException("nothing moved for " + longest.toSeconds() + " s");
        }
    }

    private void watch() {
        try {
            while (!interruptIfStill()) {
                Thread.sleep(longest.dividedBy(4));
            }
        } catch (InterruptedException e) {
            return; // closed: nothing left to watch
        }
    }

    private synchronized boolean interruptIfStill() {
        if (waiting == null || System.nanoTime() - since <= longest.toNanos()) {
            return false;
        }
        Log.warn("nothing moved for " + longest.toSeconds() + " s, closing the connection");
        over = true;
        waiting.interrupt();
        return true;
    }

    @Override
    public void close() {
        watch.interrupt();
    }
}
