package io.tiphys.submitter.log;

import io.fabric8.kubernetes.api.model.Pod;
import io.tiphys.submitter.log.PodLogs.NoLogException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads the logs of many pods at once into one bounded queue, each pod once, in a virtual thread of its own. A reader that is slow
 * slows down the pods' streams.
 */
final class Tails implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Tails.class);
    private static final int QUEUE = 2048;
    private static final Duration CONTAINER_START = Duration.ofMillis(500);
    private static final int MAX_TRIES = 20;

    private final PodLogs pods;
    private final String namespace;
    private final LogOptions options;
    private final Semaphore permits;
    private final BlockingQueue<LogLine> lines = new ArrayBlockingQueue<>(QUEUE);
    private final Set<String> begun = ConcurrentHashMap.newKeySet();
    private final Set<String> read = ConcurrentHashMap.newKeySet();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final Set<InputStream> streams = ConcurrentHashMap.newKeySet();
    private final AtomicInteger open = new AtomicInteger();
    private volatile boolean closed;

    Tails(PodLogs pods, String namespace, LogOptions options, int concurrent) {
        this.pods = pods;
        this.namespace = namespace;
        this.options = options;
        this.permits = new Semaphore(concurrent, true);
    }

    /** Begins with this pod's log, unless it has begun before or the pod hasn't started. */
    void offer(Pod pod) {
        String phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
        String uid = pod.getMetadata().getUid() == null
                ? pod.getMetadata().getName()
                : pod.getMetadata().getUid();
        if (phase == null || phase.equals("Pending") || closed || !begun.add(uid)) {
            return;
        }
        open.incrementAndGet();
        String name = pod.getMetadata().getName();
        Thread thread = Thread.ofVirtual().name("log-" + name).unstarted(() -> tail(name));
        threads.add(thread);
        thread.start();
    }

    /** Names of pods of which a log was read. */
    Set<String> read() {
        return read;
    }

    /** Whether nothing is being read and everything read was taken. */
    boolean isIdle() {
        return open.get() == 0 && lines.isEmpty();
    }

    /** Lines that came in about this time, ordered by when they were written; empty if none came. */
    List<LogLine> take(Duration wait) throws InterruptedException {
        LogLine first = lines.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
        if (first == null) {
            return List.of();
        }
        List<LogLine> batch = new ArrayList<>();
        batch.add(first);
        lines.drainTo(batch, QUEUE);
        batch.sort((a, b) -> a.at().compareTo(b.at()));
        return batch;
    }

    private void tail(String pod) {
        boolean permitted = false;
        try {
            permits.acquire();
            permitted = true;
            tailUntilStarted(pod);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            if (!closed) {
                LOG.warnf("log of pod %s/%s ends early: %s", namespace, pod, e.toString());
            }
        } finally {
            if (permitted) {
                permits.release();
            }
            threads.remove(Thread.currentThread());
            open.decrementAndGet();
        }
    }

    private void tailUntilStarted(String pod) throws IOException, InterruptedException {
        for (int attempt = 1; !closed; attempt++) {
            try (InputStream log = pods.open(namespace, pod, options)) {
                copy(pod, log);
                return;
            } catch (NoLogException e) {
                if (!options.follow() || attempt == MAX_TRIES) {
                    LOG.debugf("no log of pod %s/%s: %s", namespace, pod, e.getMessage());
                    return;
                }
                TimeUnit.MILLISECONDS.sleep(CONTAINER_START.toMillis());
            } catch (IOException e) {
                boolean begun = read.contains(pod);
                if (begun || attempt == MAX_TRIES) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(CONTAINER_START.toMillis());
            }
        }
    }

    private void copy(String pod, InputStream log) throws IOException, InterruptedException {
        streams.add(log);
        try (LongLines reader = new LongLines(log)) {
            read.add(pod);
            Instant previous = Instant.EPOCH;
            @Nullable String text;
            while ((text = reader.next()) != null && !closed) {
                LogLine line = LogLine.parse(pod, text, options.timestamps(), previous);
                previous = line.at();
                if (options.grep().matcher(line.content()).find()) {
                    lines.put(line);
                }
            }
        } finally {
            streams.remove(log);
        }
    }

    @Override
    public void close() {
        closed = true;
        threads.forEach(Thread::interrupt);
        for (InputStream stream : streams) {
            try {
                stream.close();
            } catch (IOException e) {
                LOG.debugf("closing a log: %s", e.getMessage());
            }
        }
    }
}
