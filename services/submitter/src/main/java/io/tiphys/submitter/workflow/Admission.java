package io.tiphys.submitter.workflow;

import io.micrometer.core.instrument.MeterRegistry;
import io.tiphys.submitter.config.SubmitterConfig;
import io.tiphys.submitter.rest.ApiException;
import io.tiphys.submitter.rest.ApiException.Code;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Lets as many submissions in as this process and the Kubernetes API can take: so many at once, and so many bytes of manifests at once. Who
 * doesn't get in within a short wait is refused with 429, and comes again. For any thread; the waiting is in order.
 */
@ApplicationScoped
public class Admission {
    /** Bytes of heap that a byte of manifest may cost while it is read, checked, packed and sent. */
    private static final int HEAP_PER_BYTE = 24;

    private static final int SMALLEST = 16 * 1024;

    private final Semaphore places;
    private final Semaphore kibibytes;
    private final int allKibibytes;
    private final long maxRequestBytes;
    private final Duration wait;
    private final MeterRegistry metrics;

    public Admission(SubmitterConfig config, MeterRegistry metrics) {
        this.places = new Semaphore(config.concurrentSubmissions(), true);
        this.allKibibytes =
                (int) Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / HEAP_PER_BYTE / 1024);
        this.kibibytes = new Semaphore(allKibibytes, true);
        this.maxRequestBytes = config.maxRequestSize().asLongValue();
        this.wait = config.submissionWait();
        this.metrics = metrics;
    }

    /**
     * Does it when it is its turn.
     *
     * @param bodyBytes length of the request's body; -1 if that isn't known, which counts as the most that it may have
     */
    public <T> T admit(long bodyBytes, Supplier<T> submission) {
        long bytes = Math.max(SMALLEST, bodyBytes < 0 ? maxRequestBytes : Math.min(bodyBytes, maxRequestBytes));
        int wanted = (int) Math.min(allKibibytes, bytes / 1024);
        long deadline = System.nanoTime() + wait.toNanos();
        take(kibibytes, wanted, deadline, "manifests are being read");
        try {
            take(places, 1, deadline, "workflows are being created");
            try {
                return submission.get();
            } finally {
                places.release();
            }
        } finally {
            kibibytes.release(wanted);
        }
    }

    private void take(Semaphore semaphore, int permits, long deadline, String what) {
        try {
            if (semaphore.tryAcquire(permits, Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiException(Code.UNAVAILABLE, "interrupted", e);
        }
        metrics.counter("tiphys.submissions.refused").increment();
        throw new ApiException(
                Code.RESOURCE_EXHAUSTED,
                "too many " + what + " at this moment; try again, or raise tiphys.submitter.concurrent-submissions"
                        + " or the heap if this is the rule");
    }
}
