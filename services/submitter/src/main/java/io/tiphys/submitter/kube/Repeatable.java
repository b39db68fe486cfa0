package io.tiphys.submitter.kube;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Repeats calls to the Kubernetes API that may be made twice, when there was no answer at all: a kept connection that the server has
 * closed meanwhile, a server that restarts. Answers, good or bad, are never repeated here; the client does that for 429 and 5xx.
 */
final class Repeatable {
    private static final Logger LOG = Logger.getLogger(Repeatable.class);
    private static final int ATTEMPTS = 4;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);

    private Repeatable() {}

    static <T> T call(Supplier<T> call) {
        Duration pause = FIRST_PAUSE;
        for (int attempt = 1; ; attempt++) {
            try {
                return call.get();
            } catch (KubernetesClientException e) {
                if (e.getCode() > 0 || attempt == ATTEMPTS) {
                    throw e;
                }
                LOG.debugf("no answer from the Kubernetes API, trying again: %s", e.getMessage());
                sleep(pause, e);
                pause = pause.multipliedBy(4);
            }
        }
    }

    private static void sleep(Duration pause, KubernetesClientException cause) {
        try {
            TimeUnit.MILLISECONDS.sleep(pause.toMillis());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw cause;
        }
    }
}
