package io.tiphys.artifacts;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An object as the store knows it.
 *
 * @param sizeBytes -1 where the store doesn't tell, or can't read from the middle
 * @param etag another one means another content; without quotes, may be empty where the store has none
 * @param crc64 of the whole, unsigned decimal; absent where the store keeps none or a listing doesn't tell
 */
public record StoredObject(
        String key,
        long sizeBytes,
        String etag,
        @Nullable String crc64,
        @Nullable Instant modified,
        @Nullable String contentType) {}
