package io.tiphys.submitter.config;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** Where artifacts go that say nothing else. */
@ConfigMapping(prefix = "tiphys.artifact")
public interface RepositoryConfig {
    /** The default artifact repository as JSON, the same as the controller's. */
    Optional<String> repository();
}
