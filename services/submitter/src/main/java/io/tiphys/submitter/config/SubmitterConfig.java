package io.tiphys.submitter.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** How the API answers. */
@ConfigMapping(prefix = "tiphys.submitter")
public interface SubmitterConfig {
    /** How callers prove who they are. {@code server}: they don't, the submitter acts with its own rights. */
    @WithDefault("server")
    String authMode();

    /** The one namespace that is served; absent: all. */
    Optional<String> managedNamespace();

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
