package io.tiphys.submitter.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How the API answers. */
@ConfigMapping(prefix = "tiphys.submitter")
public interface SubmitterConfig {
    /**
     * How callers prove who they are, Argo's {@code --auth-mode}. {@code server}: they don't, the submitter acts with its own rights;
     * {@code client}: with a bearer token or a password of the Kubernetes API, whose rights the request has; {@code server,client}
     * (Argo's {@code hybrid}): the latter for those who bring one.
     */
    @WithDefault("server")
    List<String> authMode();

    /** The one namespace that is served; absent: all. */
    Optional<String> managedNamespace();

    /** Links that user interfaces show: a list as JSON (Argo's {@code links}). */
    Optional<String> links();

    /** Columns that user interfaces add to the list of workflows: a list as JSON (Argo's {@code columns}). */
    Optional<String> columns();

    /** Colour of the navigation bar (Argo's {@code navColor}). */
    Optional<String> navColor();

    /** How long retry waits until the controller has taken the workflow up again. */
    @WithDefault("10s")
    Duration retryWait();

    /** How many pods' logs one request reads at the same time when it doesn't follow. */
    @WithDefault("64")
    int concurrentPodLogs();

    /** How many pods' logs one request follows at the same time. */
    @WithDefault("1000")
    int followedPodLogs();

    ArtifactsConfig artifacts();

    /** Artifacts for people, and files from them. */
    interface ArtifactsConfig {
        /** Answer downloads of whole objects with a redirect to the store, where the store signs URLs: callers must reach it, then. */
        @WithDefault("false")
        boolean redirect();

        /** How long such a URL holds. */
        @WithDefault("15m")
        Duration redirectValidity();

        /** Files that are taken in at the same time; each needs a part of it in memory (8 MiB, more beyond 8 GiB). */
        @WithDefault("8")
        int concurrentUploads();
    }
}
