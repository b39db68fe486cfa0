package io.tiphys.transfer;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Bodies of the upload calls. An upload is a session that survives restarts of the pod, the executor and the uploader: starting it again
 * with the same artifact, relative path and fingerprint gives the same session and the parts that it already has.
 *
 * <ol>
 *   <li>{@code POST /v1/uploads} {@link Start} → {@link Session}
 *   <li>{@code POST /v1/uploads/{id}/parts} {@link Parts} → {@link PartUrls}, as often as needed (multipart only)
 *   <li>{@code POST /v1/uploads/{id}/complete} {@link Complete} → {@link Completed}
 *   <li>or {@code DELETE /v1/uploads/{id}}
 * </ol>
 */
public final class Uploads {
    private Uploads() {}

    /**
     * Begins or resumes an upload.
     *
     * @param artifact name as in the capability's {@code write}
     * @param relativePath below the artifact's key for a file of an unpacked directory, otherwise empty; no {@code ..}, not absolute
     * @param sizeBytes of the object, absent when not known beforehand (packed on the way)
     * @param md5 Base64, for an object that is small enough to be sent at once
     * @param fingerprint of the source; another one than the open session's starts afresh
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Start(
            String artifact,
            String relativePath,
            @Nullable Long sizeBytes,
            @Nullable String md5,
            @Nullable String contentType,
            String fingerprint) {
        public Start {
            relativePath = relativePath == null ? "" : relativePath;
        }
    }

    /**
     * An open upload. Either {@code put} is there (send the whole object with it) or {@code partSizeBytes} is above 0 (send parts of that
     * size, the last one smaller) or {@code completed} (it was finished before, by an executor that died).
     *
     * @param parts that the store already has
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Session(
            String id,
            @Nullable Put put,
            long partSizeBytes,
            List<Part> parts,
            @Nullable Completed completed) {
        public Session {
            parts = Copies.of(parts);
        }
    }

    /** A presigned PUT; every header must be sent as given, or the signature doesn't hold. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Put(String url, Map<String, String> headers) {
        public Put {
            headers = Copies.of(headers);
        }
    }

    /**
     * Tells which parts were stored and asks for URLs for others; either list may be empty.
     *
     * @param done to remember
     * @param wanted to get a URL for
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Parts(List<Part> done, List<WantedPart> wanted) {
        public Parts {
            done = Copies.of(done);
            wanted = Copies.of(wanted);
        }
    }

    /** A part, numbered from 1; the MD5 (Base64) becomes part of the signature. */
    public record WantedPart(int number, long sizeBytes, String md5) {}

    /** A stored part. {@code md5} in Base64 and {@code crc64} as unsigned decimal are the sender's own sums, {@code etag} the store's. */
    public record Part(int number, long sizeBytes, String md5, String etag, String crc64) {}

    public record PartUrls(List<PartUrl> parts) {
        public PartUrls {
            parts = Copies.of(parts);
        }
    }

    public record PartUrl(int number, Put put) {}

    /** The whole object as the sender counted it; CRC64 as unsigned decimal, compared with the store's. */
    public record Complete(long sizeBytes, String crc64) {}

    /** What the store now has. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Completed(
            long sizeBytes, String etag, @Nullable String crc64) {}
}
