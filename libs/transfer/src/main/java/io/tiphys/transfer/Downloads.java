package io.tiphys.transfer;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Bodies of {@code POST /v1/downloads}: names of readable artifacts in, where to fetch their objects out. */
public final class Downloads {
    private Downloads() {}

    /** Asks for several artifacts at once; names as in the capability's {@code read}. */
    public record Request(List<String> artifacts) {
        public Request {
            artifacts = Copies.of(artifacts);
        }
    }

    public record Response(List<Download> downloads) {
        public Response {
            downloads = Copies.of(downloads);
        }
    }

    /**
     * The objects that make up one artifact.
     *
     * @param objects one with an empty {@code relativePath} for a single object, several for a directory that was saved unpacked, none when
     *     there is nothing under the key
     */
    public record Download(String artifact, List<ObjectToRead> objects) {
        public Download {
            objects = Copies.of(objects);
        }
    }

    /**
     * One object.
     *
     * @param url presigned; ask again when it has expired (HTTP 403)
     * @param headers to send along
     * @param crc64 ECMA-182 as unsigned decimal, when the store keeps one
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record ObjectToRead(
            String relativePath,
            String url,
            Map<String, String> headers,
            long sizeBytes,
            @Nullable String etag,
            @Nullable String crc64) {
        public ObjectToRead {
            relativePath = relativePath == null ? "" : relativePath;
            headers = Copies.of(headers);
        }
    }
}
