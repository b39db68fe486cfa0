package io.tiphys.local.objectstore.storage;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.Map;

/**
 * One object.
 *
 * @param etag upper-case hex MD5, or {@code <hex>-<parts>} after a multipart upload; no quotes
 * @param crc64 as a two's-complement long; OSS prints it unsigned
 * @param modified milliseconds since the epoch
 * @param type {@code Normal} or {@code Multipart}
 * @param headers content headers and user metadata that a GET returns, by lower-case name
 * @param blobs the content, in order
 */
public record StoredObject(
        String key,
        long size,
        String etag,
        long crc64,
        long modified,
        String type,
        Map<String, String> headers,
        List<Blob> blobs) {
    public StoredObject {
        headers = Map.copyOf(headers);
        blobs = List.copyOf(blobs);
    }

    public StoredObject as(String newKey, long newModified, Map<String, String> newHeaders) {
        return new StoredObject(newKey, size, etag, crc64, newModified, type, newHeaders, blobs);
    }

    /** {@link #modified} as HTTP dates can say it. */
    @JsonIgnore
    public long modifiedSeconds() {
        return Math.floorDiv(modified, 1000L);
    }
}
