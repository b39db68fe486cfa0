package io.tiphys.local.node.pod;

import io.fabric8.kubernetes.api.model.Pod;
import io.tiphys.local.node.container.Exit;
import io.tiphys.local.node.container.RunningContainer;
import io.tiphys.local.node.container.StartException;
import io.tiphys.local.node.image.Image;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Tries to start containers. What is missing leaves a container waiting with a reason and is tried again; what can't be started counts as a
 * start that failed, as under the kubelet.
 */
final class StartAttempts {
    private static final Duration RETRY_CONFIG = Duration.ofSeconds(2);

    private final NodeServices services;
    private final ContainerStarter starter;
    private final Hooks hooks;
    private final PodFolder folder;
    private final PodEvents events;
    private final Consumer<Signal> report;

    StartAttempts(
            NodeServices services,
            ContainerStarter starter,
            Hooks hooks,
            PodFolder folder,
            PodEvents events,
            Consumer<Signal> report) {
        this.services = services;
        this.starter = starter;
        this.hooks = hooks;
        this.folder = folder;
        this.events = events;
        this.report = report;
    }

    /** Starts a container that doesn't run, if its back-off is over. Returns when to try again; never when it runs. */
    Instant start(Pod pod, ContainerRun run, Instant now) {
        if (now.isBefore(run.retryAt())) {
            if (run.hasEnded()) {
                run.waiting("CrashLoopBackOff", "back-off restarting failed container " + run.name());
            }
            return run.retryAt();
        }
        try {
            Image image = starter.image(run.spec());
            events.image(pod, image);
            RunningContainer process = starter.start(run, image);
            run.running(process, Instant.now(), newId());
            reportExit(run, process);
            hooks.started(run, process, image);
            services.api().event(pod, "Normal", "Started", "Started container " + run.name());
            return Wake.NEVER;
        } catch (ConfigException e) {
            return waits(pod, run, e.reason(), e.text(), now);
        } catch (StartException e) {
            run.neverStarted(
                    newId(), "failed to create containerd task: failed to start container: " + e.reason(), now);
            services.api().event(pod, "Warning", "Failed", "Error: " + e.reason());
            return run.retryAt();
        } catch (IOException e) {
            return waits(pod, run, "CreateContainerError", String.valueOf(e.getMessage()), now);
        }
    }

    private void reportExit(ContainerRun run, RunningContainer process) {
        int attempt = run.restarts();
        Path log = folder.log(run.name(), attempt);
        services.openLogs().add(log);
        Thread.ofVirtual().start(() -> {
            Exit exit = process.await();
            services.openLogs().remove(log);
            report.accept(new Signal.Exited(run, attempt, exit));
        });
    }

    private Instant waits(Pod pod, ContainerRun run, String reason, String message, Instant now) {
        run.waiting(reason, message);
        run.retryAt(now.plus(RETRY_CONFIG));
        events.warnOnce(pod, "Failed", "Error: " + message);
        return run.retryAt();
    }

    private static String newId() {
        return "tiphys://" + UUID.randomUUID();
    }
}
