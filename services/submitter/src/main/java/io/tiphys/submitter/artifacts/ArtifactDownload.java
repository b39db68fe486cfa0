package io.tiphys.submitter.artifacts;

import io.tiphys.artifacts.ArtifactStore;
import io.tiphys.artifacts.StoreDriver.Located;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoredObject;
import io.tiphys.submitter.artifacts.ByteRange.Asked;
import io.tiphys.submitter.rest.ApiException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.ResponseBuilder;
import jakarta.ws.rs.core.StreamingOutput;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The answer with an artifact: the stored object as it is (a {@code .tgz} stays one), or a directory as a tar.gz. Object storage to
 * caller with one buffer in between; a slow caller slows the store down.
 */
public final class ArtifactDownload {
    /** What a browser may do with somebody's artifact: show it, and nothing else. */
    private static final String SANDBOX =
            "sandbox; base-uri 'none'; default-src 'none'; img-src 'self'; style-src 'self'";

    private final Located located;

    public ArtifactDownload(Located located) {
        this.located = located;
    }

    /**
     * Answers a GET, or with {@code headOnly} a HEAD.
     *
     * @param range the {@code Range} header
     * @param ifRange the {@code If-Range} header: the range counts only if the object still has this ETag
     */
    public Response answer(@Nullable String range, @Nullable String ifRange, boolean headOnly) {
        ArtifactStore store = located.store();
        try {
            Optional<StoredObject> object = store.head(located.key());
            if (object.isPresent()) {
                return file(object.get(), range, ifRange, headOnly);
            }
            DirectoryStream directory = new DirectoryStream(store, located.key());
            if (!directory.exists()) {
                throw ApiException.notFound("there is no object \"" + located.key() + "\" in the store any more");
            }
            ResponseBuilder response = secured(Response.ok(), fileName(located.key()) + ".tar.gz");
            return headOnly
                    ? response.build()
                    : response.entity((StreamingOutput) directory::copy).build();
        } catch (StoreException e) {
            throw ArtifactFinder.toApi(e);
        }
    }

    private Response file(StoredObject object, @Nullable String range, @Nullable String ifRange, boolean headOnly) {
        long size = object.sizeBytes();
        String etag = '"' + object.etag().replace("\"", "") + '"';
        boolean changed = ifRange != null && !ifRange.equals(etag);
        ByteRange all = new ByteRange(0, size - 1);
        ResponseBuilder response;
        ByteRange part;
        switch (ByteRange.parse(changed ? null : range, size)) {
            case Asked.Whole _ -> {
                response = Response.ok();
                part = all;
            }
            case Asked.Part(ByteRange asked) -> {
                response = Response.status(Response.Status.PARTIAL_CONTENT)
                        .header("Content-Range", "bytes " + asked.from() + "-" + asked.to() + "/" + size);
                part = asked;
            }
            case Asked.Unsatisfiable _ -> {
                return Response.status(Response.Status.REQUESTED_RANGE_NOT_SATISFIABLE)
                        .header("Content-Range", "bytes */" + size)
                        .build();
            }
        }
        secured(response, fileName(object.key()))
                .header("Accept-Ranges", "bytes")
                .header("ETag", etag)
                .header("Content-Length", Math.max(0, part.length()));
        if (headOnly) {
            return response.build();
        }
        ObjectStream stream = new ObjectStream(located.store(), object.key());
        return response.entity((StreamingOutput) out -> stream.copy(part, out)).build();
    }

    private static ResponseBuilder secured(ResponseBuilder response, String fileName) {
        return response.header("Content-Type", ContentTypes.of(fileName))
                .header("Content-Disposition", "filename=\"" + fileName.replaceAll("[\"\\\\\\p{Cntrl}]", "_") + "\"")
                .header("Content-Security-Policy", SANDBOX)
                .header("X-Frame-Options", "SAMEORIGIN")
                .header("X-Content-Type-Options", "nosniff");
    }

    private static String fileName(String key) {
        String trimmed = key.endsWith("/") ? key.substring(0, key.length() - 1) : key;
        return trimmed.substring(trimmed.lastIndexOf('/') + 1);
    }
}
