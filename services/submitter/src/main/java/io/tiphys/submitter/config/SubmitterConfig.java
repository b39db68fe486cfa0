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
}
