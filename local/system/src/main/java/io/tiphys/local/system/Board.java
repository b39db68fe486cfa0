package io.tiphys.local.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The state of all parts in one place, written to {@code instance.json} whenever it changes. Safe for many threads. */
final class Board {
    private final Home home;
    private final Instant started;
    private final long startedNanos = System.nanoTime();
    private final Map<String, Part> parts = new LinkedHashMap<>();
    private final Map<String, String> urls = new LinkedHashMap<>();
    private final Map<String, String> oss = new LinkedHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Instance.State state = Instance.State.STARTING;
    private @Nullable String message;
    private Path kubeconfig;

    Board(Home home) {
        this.kubeconfig = home.kubeconfig();
        this.home = home;
        this.started = ProcessHandle.current().info().startInstant().orElseGet(Instant::now);
    }

    /** Announces a part before it starts, in the order in which parts are shown. */
    void add(String name, int port, String url) {
        lock.lock();
        try {
            parts.put(name, Part.starting(name, port, url, home.log(name).toString()));
            urls.put(name, url);
        } finally {
            lock.unlock();
        }
    }

    void url(String name, String url) {
        lock.lock();
        try {
            urls.put(name, url);
        } finally {
            lock.unlock();
        }
    }

    /** The kubeconfig of the cluster that is used, where it isn't the instance's own. */
    void kubeconfig(Path file) {
        lock.lock();
        try {
            kubeconfig = file;
        } finally {
            lock.unlock();
        }
    }

    void oss(Map<String, String> facts) {
        lock.lock();
        try {
            oss.putAll(facts);
        } finally {
            lock.unlock();
        }
    }

    void ready(String name) {
        update(name, part -> {
            Part ready = part.withState(Part.State.READY, null);
            return part.startMillis() == null ? ready.withStartMillis(elapsedMillis()) : ready;
        });
    }

    void update(String name, UnaryOperator<Part> change) {
        lock.lock();
        try {
            Part before = parts.get(name);
            if (before != null) {
                Part after = change.apply(before);
                if (!after.equals(before)) {
                    parts.put(name, after);
                    publish();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    void state(Instance.State newState, @Nullable String why) {
        lock.lock();
        try {
            state = newState;
            message = why;
            publish();
        } finally {
            lock.unlock();
        }
    }

    Instance.State state() {
        lock.lock();
        try {
            return state;
        } finally {
            lock.unlock();
        }
    }

    List<Part> parts() {
        lock.lock();
        try {
            return List.copyOf(parts.values());
        } finally {
            lock.unlock();
        }
    }

    /** Waits until every part is ready; returns those that are not when the time is up or one has failed. */
    List<Part> awaitReady(Duration atMost) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long remaining = atMost.toNanos();
            while (true) {
                List<Part> missing =
                        parts.values().stream().filter(part -> !part.isReady()).toList();
                boolean failed = missing.stream().anyMatch(part -> part.state() == Part.State.FAILED);
                if (missing.isEmpty() || failed || remaining <= 0 || state != Instance.State.STARTING) {
                    return missing;
                }
                remaining = changed.awaitNanos(remaining);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until these parts are ready; whether they are when the time is up. */
    boolean awaitReady(Collection<String> names, Duration atMost) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long remaining = atMost.toNanos();
            while (!names.stream().map(parts::get).allMatch(part -> part != null && part.isReady())) {
                if (remaining <= 0) {
                    return false;
                }
                remaining = changed.awaitNanos(remaining);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    long elapsedMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos);
    }

    private void publish() {
        changed.signalAll();
        Instance instance = new Instance(
                home.directory().toString(),
                ProcessHandle.current().pid(),
                started.toString(),
                state,
                "default",
                kubeconfig.toString(),
                urls,
                oss,
                List.copyOf(parts.values()),
                message);
        try {
            instance.write(home.instanceFile());
        } catch (IOException e) {
            System.getLogger(Board.class.getName())
                    .log(System.Logger.Level.ERROR, "cannot write " + home.instanceFile() + "; is the disk full?", e);
        }
    }

    void erase() throws IOException {
        Files.deleteIfExists(home.instanceFile());
    }
}
