package io.tiphys.submitter.config;

import io.quarkus.runtime.configuration.MemorySize;
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

    /** How long retry, and setting outputs, wait until the workflow shows it. */
    @WithDefault("10s")
    Duration retryWait();

    /** The largest request body that is read, and so the largest manifest; at most 64M. */
    @WithDefault("20M")
    MemorySize maxRequestSize();

    /**
     * A workflow's spec that is longer than this as JSON is kept in the archive, and its object refers to it. The Kubernetes API takes
     * objects of up to 1.5 MiB, and a workflow's object holds its status, too.
     */
    @WithDefault("512K")
    MemorySize maxInlineSpec();

    /** Workflows that are being created at the same time; more wait. */
    @WithDefault("64")
    int concurrentSubmissions();

    /** How long a submission waits for its turn before it is refused with 429. */
    @WithDefault("500ms")
    Duration submissionWait();

    /** Workflows of one namespace that may wait or run at once; beyond that submissions are refused with 429. 0 for no limit. */
    @WithDefault("0")
    int maxUnfinishedWorkflows();

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
