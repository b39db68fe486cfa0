package io.tiphys.uploader.startup;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.tiphys.uploader.messaging.KafkaPublisher;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.jboss.logging.Logger;

/** Waits for Postgres (and brings its schema up to date) and for Kafka, in any order of their coming, and says what it waits for. */
@Singleton
public class Dependencies {
    private static final Logger LOG = Logger.getLogger(Dependencies.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private record Dependency(String name, Runnable attempt) {}

    private final List<Dependency> dependencies;
    private volatile String waitingFor = "start";
    private volatile boolean stopping;

    Dependencies(Flyway flyway, KafkaPublisher kafka) {
        this.dependencies =
                List.of(new Dependency("Postgres", flyway::migrate), new Dependency("Kafka", kafka::connect));
    }

    void start(@Observes StartupEvent event) {
        Thread.ofVirtual().name("wait-for-dependencies").start(this::awaitAll);
    }

    void stop(@Observes ShutdownEvent event) {
        stopping = true;
    }

    private void awaitAll() {
        try {
            for (var dependency : dependencies) {
                await(dependency);
            }
            waitingFor = "";
            LOG.info("ready");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void await(Dependency dependency) throws InterruptedException {
        waitingFor = dependency.name();
        var pause = FIRST_PAUSE;
        while (!stopping) {
            try {
                dependency.attempt().run();
                return;
            } catch (RuntimeException e) {
                LOG.infof("waiting for %s: %s", dependency.name(), rootMessage(e));
                Thread.sleep(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        }
    }

    private static String rootMessage(Throwable e) {
        var root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        var message = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
        return message.lines().findFirst().orElse(message);
    }

    public boolean isReady() {
        return waitingFor.isEmpty();
    }

    /** What is being waited for; empty when all is there. */
    String waitingFor() {
        return waitingFor;
    }
}
