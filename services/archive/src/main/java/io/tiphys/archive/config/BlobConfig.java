package io.tiphys.archive.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What workflows refer to by hash. */
@ConfigMapping(prefix = "tiphys.archive.blobs")
public interface BlobConfig {
    /** How often what nobody refers to is looked for. */
    @WithDefault("5m")
    Duration sweepPeriod();

    /** From storing a blob to the creation of the workflow that refers to it: the longest that may take. */
    @WithDefault("15m")
    Duration grace();
}
