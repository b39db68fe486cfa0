package io.tiphys.artifactgc.reconcile;

import io.tiphys.artifacts.StoreException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Deletions of one place and identity. A few requests of up to a thousand keys are under way at once; what callers want deleted while all of
 * them are goes together in the next. Thread-safe.
 */
final class Lane {
    private static final int KEYS = 1000;

    /** As many requests as keep a store busy that answers one after the other. */
    private static final int AT_A_TIME = 4;

    private final Semaphore running = new Semaphore(AT_A_TIME, true);
    private final Object joining = new Object();
    private @Nullable Batch open;
    private int users;

    /** Counts who uses it; to be called by one thread at a time, as {@link #left}. */
    Lane entered() {
        users++;
        return this;
    }

    /** The lane, or nothing when nobody uses it any more. */
    @Nullable
    Lane left() {
        users--;
        return users == 0 ? null : this;
    }

    /** Callers who wait for a request to end. */
    int waiting() {
        return running.getQueueLength();
    }

    /** As {@link io.tiphys.artifacts.ArtifactStore#delete}. */
    interface Store {
        Map<String, StoreException> delete(Collection<String> keys) throws StoreException;
    }

    Part part() {
        return new Part();
    }

    /** What one caller wants deleted; for that caller's thread. Closing it waits until all of it is done. */
    final class Part implements AutoCloseable {
        private final List<Batch> batches = new ArrayList<>();

        /** @param refused hears why, if the key can't be deleted; on any thread, before {@link #close} returns */
        void add(Store store, String key, Consumer<StoreException> refused) {
            Batch full = join(store, key, refused);
            if (full != null) {
                running.acquireUninterruptibly(); // of something that ends by itself, as stores' clients have time-outs
                Thread.ofVirtual().start(() -> runAndRelease(full));
            }
        }

        private @Nullable Batch join(Store store, String key, Consumer<StoreException> refused) {
            synchronized (joining) {
                Batch batch = open == null ? new Batch(store) : open;
                open = batch;
                batch.add(key, refused);
                if (batches.isEmpty() || batches.getLast() != batch) {
                    batches.removeIf(Batch::isDone);
                    batches.add(batch);
                }
                if (batch.size() < KEYS) {
                    return null;
                }
                open = null;
                return batch;
            }
        }

        @Override
        public void close() {
            if (!batches.isEmpty() && isOpen(batches.getLast())) {
                running.acquireUninterruptibly(); // and meanwhile others join
                Batch last = closeOf(batches.getLast());
                if (last == null) {
                    running.release();
                } else {
                    runAndRelease(last);
                }
            }
            batches.forEach(Batch::await);
        }
    }

    private boolean isOpen(Batch batch) {
        synchronized (joining) {
            return open == batch;
        }
    }

    /** The batch, with nobody to join it any more; nothing if somebody else was quicker. */
    private @Nullable Batch closeOf(Batch batch) {
        synchronized (joining) {
            if (open != batch) {
                return null;
            }
            open = null;
            return batch;
        }
    }

    private void runAndRelease(Batch batch) {
        try {
            batch.run();
        } finally {
            running.release();
        }
    }

    /** Keys that go together, and who wants to know of each: several artifacts may be the same object. */
    private static final class Batch {
        private final Store store;
        private final Map<String, List<Consumer<StoreException>>> keys = new LinkedHashMap<>();
        private final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();

        Batch(Store store) {
            this.store = store;
        }

        void add(String key, Consumer<StoreException> refused) {
            keys.computeIfAbsent(key, _ -> new ArrayList<>(1)).add(refused);
        }

        int size() {
            return keys.size();
        }

        /** And nothing went wrong that somebody is still to hear of. */
        boolean isDone() {
            return done.isDone() && !done.isCompletedExceptionally();
        }

        void run() {
            try {
                delete();
                done.complete(null);
            } catch (RuntimeException | Error e) {
                done.completeExceptionally(e);
            }
        }

        private void delete() {
            try {
                store.delete(List.copyOf(keys.keySet())).forEach(this::refuse);
            } catch (StoreException e) {
                keys.keySet().forEach(key -> refuse(key, e));
            }
        }

        private void refuse(String key, StoreException why) {
            keys.getOrDefault(key, List.of()).forEach(refused -> refused.accept(why));
        }

        void await() {
            try {
                done.join();
            } catch (CompletionException e) {
                throw new IllegalStateException("a batch of deletions broke off", e.getCause());
            }
        }
    }
}
