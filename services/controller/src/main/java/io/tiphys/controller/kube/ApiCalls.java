package io.tiphys.controller.kube;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
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

    private final AdaptiveLimiter limiter;
    private final MeterRegistry metrics;
    private final Duration firstBackoff;
    private final Duration maxBackoff;
    private final int maxAttempts;

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
    }

    /**
     * Does the request, again after a growing pause while the server can't, up to the configured number of attempts.
     *
     * @param what for metrics and logs: verb and kind, such as {@code create pod}
     * @throws KubernetesClientException the last failure, or the first one that repeating won't mend
     */
    public <T> T call(String what, Supplier<T> request) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            limiter.acquire();
            try {
                T answer = request.get();
                limiter.succeeded();
                count(what, "ok");
                return answer;
            } catch (KubernetesClientException e) {
                ApiFailure failure = ApiFailure.of(e);
                count(what, failure.name());
                if (failure != ApiFailure.TRANSIENT) {
                    limiter.succeeded();
                    throw e;
                }
                limiter.overloaded();
                if (attempt >= maxAttempts) {
                    throw e;
                }
                LOG.debug("{} failed, attempt {}: {}", what, attempt, ApiFailure.reason(e));
            } catch (RuntimeException | Error e) {
                limiter.succeeded();
                throw e;
            }
            pause(attempt);
        }
    }

    private void count(String what, String outcome) {
        metrics.counter("tiphys.api.requests", "request", what, "outcome", outcome)
                .increment();
    }

    private void pause(int attempt) throws InterruptedException {
        long exponential = firstBackoff.toMillis() << Math.min(attempt - 1, 16);
        long ceiling = Math.min(exponential, maxBackoff.toMillis());
        Thread.sleep(ThreadLocalRandom.current().nextLong(ceiling / 2, ceiling + 1));
    }
}
