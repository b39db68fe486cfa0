package io.tiphys.artifactgc.config;

import io.smallrye.config.ConfigMapping;
import java.net.URI;
import java.util.Optional;

/** The archive, which keeps specs that are too large for their object. */
@ConfigMapping(prefix = "tiphys.archive")
public interface ArchiveConfig {
    /** Without it, workflows whose spec is kept there are not collected. */
    Optional<URI> url();
}
