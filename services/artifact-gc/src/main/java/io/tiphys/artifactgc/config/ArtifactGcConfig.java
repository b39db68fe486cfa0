package io.tiphys.artifactgc.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How deletion is tried and looked after. */
@ConfigMapping(prefix = "tiphys.artifact-gc")
public interface ArtifactGcConfig {
    /** Tries per round; when the last one fails, the failure is written into the workflow's status. */
    @WithDefault("6")
    int attempts();

    /** Wait before the second try; doubles from try to try. */
    @WithDefault("1s")
    Duration initialBackoff();

    /** The longest wait between two tries. */
    @WithDefault("30s")
    Duration maxBackoff();

    /** How often workflows that still wait for deletion are looked up, whether or not an event came for them. */
    @WithDefault("10m")
    Duration sweepEvery();

    /** Workflows dealt with at the same time. */
    @WithDefault("16")
    int parallelism();

    /**
     * How long a workflow that was deleted is kept for artifacts that can't be: then it goes, and they go on being tried from
     * the queue.
     */
    @WithDefault("1h")
    Duration holdAtMost();

    /** How often the queue of deletions that outlive their workflow is looked at. */
    @WithDefault("30s")
    Duration queueEvery();

    /** Failures in the queue after which a deletion is a dead letter. */
    @WithDefault("20")
    int queueAttempts();

    /** Wait in the queue after the first failure; doubles from then on. */
    @WithDefault("1m")
    Duration queueInitialBackoff();

    /** The longest wait in the queue between two tries. */
    @WithDefault("1h")
    Duration queueMaxBackoff();

    /** When an artifact that another workflow needs is looked at again. */
    @WithDefault("10m")
    Duration referencedAgainAfter();
}
