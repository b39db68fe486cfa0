package io.tiphys.local.node.pod;

import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/**
 * Makes a pod's folder and volumes, again and again until all that they refer to is there; no container starts before, and each of them
 * says what it waits for.
 */
final class VolumeSetup {
    private static final Duration RETRY = Duration.ofSeconds(2);

    private final PodFolder folder;
    private final PodVolumes volumes;
    private final PodContainers containers;
    private final PodEvents events;
    private boolean done;
    private Instant retryAt = Instant.EPOCH;

    VolumeSetup(PodFolder folder, PodVolumes volumes, PodContainers containers, PodEvents events) {
        this.folder = folder;
        this.volumes = volumes;
        this.containers = containers;
        this.events = events;
    }

    /** Not before then it is tried again; past when it hasn't failed. */
    Instant retryAt() {
        return retryAt;
    }

    /** Tries it if it is due; whether all are there. */
    boolean prepare(Pod pod, Instant now) {
        if (done || now.isBefore(retryAt)) {
            return done;
        }
        try {
            folder.create();
            volumes.prepare();
            done = true;
        } catch (ConfigException e) {
            failed(pod, e.reason(), e.text(), now);
        } catch (IOException | RuntimeException e) {
            failed(pod, "FailedMount", String.valueOf(e.getMessage()), now);
        }
        return done;
    }

    private void failed(Pod pod, String reason, String message, Instant now) {
        events.warnOnce(pod, reason, message);
        retryAt = now.plus(RETRY);
        String waits = containers.inits().isEmpty() ? "ContainerCreating" : "PodInitializing";
        containers.mains().forEach(main -> main.waiting(waits, ""));
    }
}
