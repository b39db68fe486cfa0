package io.tiphys.controller;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Asks the API server every few seconds whether it is there, so that health can say so. Watches and requests mend themselves. */
final class ApiServerProbe implements AutoCloseable {
    private static final Duration PERIOD = Duration.ofSeconds(3);

    private final KubernetesClient client;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable String problem;

    ApiServerProbe(KubernetesClient client) {
        this.client = client;
    }

    void start() {
        Thread.ofVirtual().name("api-server-probe").start(this::run);
    }

    /** Since when it doesn't answer, and what came instead; empty if it does. */
    Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    @Override
    public void close() {
        closed.countDown();
    }

    private void run() {
        Instant since = null;
        try {
            do {
                try {
                    var _ = client.getKubernetesVersion();
                    since = null;
                    problem = null;
                } catch (KubernetesClientException e) {
                    since = since == null ? Instant.now() : since;
                    String what =
                            String.valueOf(e.getMessage()).lines().findFirst().orElse("?");
                    problem = "the API server at " + client.getMasterUrl() + ", which doesn't answer since " + since
                            + ": " + what;
                }
            } while (!closed.await(PERIOD.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
