package io.tiphys.uploader.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;

/** The uploader's own settings; as environment variables {@code TIPHYS_…} (docs/reference/contracts.md). */
@ConfigMapping(prefix = "tiphys")
public interface UploaderConfig {
    CapabilityConfig capability();

    KafkaConfig kafka();

    TransferConfig transfer();

    interface CapabilityConfig {
        /** File with 32 random bytes in Base64, the same as the controller's. */
        Path keyFile();

        /** How long a renewed capability lasts. */
        @WithDefault("24h")
        Duration renewal();
    }

    interface KafkaConfig {
        String bootstrapServers();
    }

    interface TransferConfig {
        /** How long a presigned URL is good for. */
        @WithDefault("1h")
        Duration urlValidity();

        /** Size of a part of a file whose size is known; grows so that 10,000 parts are enough. */
        @WithDefault("16777216")
        long partSizeBytes();

        /** An upload that nobody has touched for so long is aborted. */
        @WithDefault("24h")
        Duration abandonedAfter();

        /** How long it is remembered that an upload was finished. */
        @WithDefault("7d")
        Duration finishedKept();

        /** An object whose store tells no size lies on this service's disk for a while; it may have so many bytes. */
        @WithDefault("107374182400")
        long spoolMaxBytes();
    }
}
