package io.tiphys.submitter.startup;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.quarkus.runtime.StartupEvent;
import io.tiphys.messages.KafkaClients;
import io.tiphys.messages.Topics;
import io.tiphys.submitter.config.KafkaConfig;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.jboss.logging.Logger;

/**
 * Says what the submitter still waits for. The API answers meanwhile as far as it can: without Kafka there are no commands, without
 * the Kubernetes API only "unavailable".
 */
@ApplicationScoped
public class Dependencies {
    private static final Logger LOG = Logger.getLogger(Dependencies.class);
    private static final Duration PAUSE = Duration.ofSeconds(3);

    private final KubernetesClient kubernetes;
    private final KafkaConfig kafka;
    private volatile boolean hasKubernetes;
    private volatile boolean hasTopics;
    private List<Thread> waiting = List.of();

    public Dependencies(KubernetesClient kubernetes, KafkaConfig kafka) {
        this.kubernetes = kubernetes;
        this.kafka = kafka;
    }

    void onStart(@Observes StartupEvent event) {
        waiting = List.of(
                Thread.ofVirtual().name("kubernetes").start(() -> {
                    until("the Kubernetes API", kubernetes::getKubernetesVersion);
                    hasKubernetes = true;
                }),
                Thread.ofVirtual().name("kafka").start(() -> {
                    until("Kafka at " + kafka.servers(), this::ensureTopics);
                    hasTopics = true;
                }));
    }

    boolean hasKubernetes() {
        return hasKubernetes;
    }

    boolean hasTopics() {
        return hasTopics;
    }

    private void ensureTopics() {
        try (Admin admin = KafkaClients.admin(kafka.servers(), "submitter-start")) {
            Topics.ensure(admin);
        }
    }

    private static void until(String what, Runnable attempt) {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                attempt.run();
                LOG.infof("%s is there", what);
                return;
            } catch (RuntimeException e) {
                LOG.infof("waiting for %s: %s", what, e.getMessage());
            }
            try {
                TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @PreDestroy
    void stop() {
        waiting.forEach(Thread::interrupt);
    }
}
