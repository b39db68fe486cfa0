package io.tiphys.submitter.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Where finished workflows are read from. */
@ConfigMapping(prefix = "tiphys.archive")
public interface ArchiveConfig {
    /** Base URL of the archive service; without it the API knows live workflows only. */
    Optional<URI> url();

    /** How long one question to the archive may take. */
    @WithDefault("30s")
    Duration timeout();
}
