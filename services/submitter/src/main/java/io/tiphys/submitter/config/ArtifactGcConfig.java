package io.tiphys.submitter.config;

import io.smallrye.config.ConfigMapping;
import java.net.URI;
import java.util.Optional;

/** The service that deletes artifacts. */
@ConfigMapping(prefix = "tiphys.artifact-gc")
public interface ArtifactGcConfig {
    /** Its base URL; without it nobody can look for orphans or at deletions that were given up. */
    Optional<URI> url();
}
