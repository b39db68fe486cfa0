package io.tiphys.controller.kube;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tiphys.controller.kube.AdaptiveLimiter.Turn;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place where requests to the API server are limited, counted and repeated. Blocks its caller, which is a virtual
 * thread.
 */
public final class ApiCalls {
    private static final Logger LOG = LoggerFactory.getLogger(ApiCalls.class);
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofSeconds(30);

    private record Outcome(String what, String outcome) {}

    private final AdaptiveLimiter limiter;
    private final MeterRegistry metrics;
    private final Duration firstBackoff;
    private final Duration maxBackoff;
    private final int maxAttempts;
    private final Map<Outcome, Counter> counters = new ConcurrentHashMap<>();

    public ApiCalls(
            AdaptiveLimiter limiter,
            MeterRegistry metrics,
            Duration firstBackoff,
            Duration maxBackoff,
            int maxAttempts) {
        this.limiter = limiter;
        this.metrics = metrics;
        this.firstBackoff = firstBackoff;
        this.maxBackoff = maxBackoff;
        this.maxAttempts = maxAttempts;
        metrics.gauge("tiphys.api.limit", limiter, AdaptiveLimiter::limit);
        metrics.gauge("tiphys.api.in.flight", limiter, AdaptiveLimiter::inFlight);
        metrics.gauge("tiphys.api.waiting", limiter, AdaptiveLimiter::waiting);
    }

    /** Does a request of the controller's own. */
    public <T> T call(String what, Supplier<T> request) throws InterruptedException {
        return call(Demand.OWN, what, request);
    }

    /**
     * Does the request when it is its turn, again after a growing pause while the server can't, up to the configured number of
     * attempts.
     *
     * @param what for metrics and logs: verb and kind, such as {@code create pod}
     * @throws KubernetesClientException the last failure, or the first one that repeating won't mend
     */
    public <T> T call(Demand demand, String what, Supplier<T> request) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            Turn turn = limiter.acquire(demand);
            try {
                T answer = request.get();
                limiter.succeeded(turn);
                count(what, "ok");
                return answer;
            } catch (KubernetesClientException e) {
                ApiFailure failure = ApiFailure.of(e);
                count(what, failure.name());
                if (failure != ApiFailure.TRANSIENT) {
                    limiter.succeeded(turn);
                    throw e;
                }
                limiter.overloaded(turn, retryAfter(e));
                if (attempt >= maxAttempts) {
                    throw e;
                }
                LOG.debug("{} failed, attempt {}: {}", what, attempt, ApiFailure.reason(e));
            } catch (RuntimeException | Error e) {
                limiter.succeeded(turn);
                throw e;
            }
            pause(attempt);
        }
    }

    /** What the server asks for, within reason. */
    private static Duration retryAfter(KubernetesClientException e) {
        Status status = e.getStatus();
        Integer seconds = status == null || status.getDetails() == null
                ? null
                : status.getDetails().getRetryAfterSeconds();
        if (seconds == null || seconds <= 0) {
            return Duration.ZERO;
        }
        Duration asked = Duration.ofSeconds(seconds);
        return asked.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : asked;
    }

    /** Whether more requests wait for their turn than are under way. */
    public boolean isBusy() {
        return limiter.waiting() > limiter.limit();
    }

    MeterRegistry metrics() {
        return metrics;
    }

    private void count(String what, String outcome) {
        counters.computeIfAbsent(
                        new Outcome(what, outcome),
                        key -> metrics.counter("tiphys.api.requests", "request", what, "outcome", outcome))
                .increment();
    }

    private void pause(int attempt) throws InterruptedException {
        long exponential = firstBackoff.toMillis() << Math.min(attempt - 1, 16);
        long ceiling = Math.min(exponential, maxBackoff.toMillis());
        Thread.sleep(ThreadLocalRandom.current().nextLong(ceiling / 2, ceiling + 1));
    }
}
