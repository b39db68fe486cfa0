package io.tiphys.submitter.artifacts;

import io.tiphys.artifacts.ArtifactStore;
import io.tiphys.artifacts.ArtifactStore.Ability;
import io.tiphys.artifacts.ArtifactStore.GetOptions;
import io.tiphys.artifacts.StoreDriver.Located;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoredObject;
import io.tiphys.submitter.artifacts.ByteRange.Asked;
import io.tiphys.submitter.artifacts.DirectoryStream.Packing;
import io.tiphys.submitter.rest.ApiException;
import io.vertx.core.http.HttpServerResponse;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.ResponseBuilder;
import jakarta.ws.rs.core.StreamingOutput;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The answer with an artifact: the stored object as it is (a {@code .tgz} stays one), or a directory as an archive made on the way. Object
 * storage to caller with a few buffers in between; a slow caller slows the store down.
 */
public final class ArtifactDownload {
    private final Located located;
    private final Wishes wishes;
    private final Reader reader;

    /** Where the answer goes: past JAX-RS, if it is large. */
    public record Reader(Relay relay, HttpServerResponse response) {
        @Nullable
        Carrier carrier(ArtifactStore store, StoredObject object, long bytes) {
            return relay.carrier(store, object, bytes, response);
        }
    }

    /**
     * What the caller asks for.
     *
     * @param range the {@code Range} header
     * @param ifRange the {@code If-Range} header: the range counts only if the object still has this ETag
     * @param ifNoneMatch the {@code If-None-Match} header: the answer is 304 if the object has one of these ETags
     * @param archive how a directory is to be packed: {@code tgz}, which is the default, or {@code zip}
     * @param headOnly a HEAD
     */
    public record Wishes(
            @Nullable String range,
            @Nullable String ifRange,
            @Nullable String ifNoneMatch,
            @Nullable String archive,
            boolean headOnly) {}

    public ArtifactDownload(Located located, Wishes wishes, Reader reader) {
        this.located = located;
        this.wishes = wishes;
        this.reader = reader;
    }

    /** The object, or the whole directory as one archive. */
    public Response answer() {
        try {
            Optional<StoredObject> object = located.store().head(located.key());
            return object.isPresent() ? file(object.get()) : directory();
        } catch (StoreException e) {
            throw ArtifactFinder.toApi(e);
        }
    }

    /**
     * As {@link #answer()}, but a whole object comes straight from the store, if the store signs URLs.
     *
     * @param validity how long the URL holds
     */
    public Response redirect(Duration validity) {
        ArtifactStore store = located.store();
        if (wishes.headOnly() || !store.abilities().contains(Ability.PRESIGN)) {
            return answer();
        }
        try {
            Optional<StoredObject> object = store.head(located.key());
            if (object.isEmpty()) {
                return directory();
            }
            String name = Sandbox.fileName(located.key());
            GetOptions options = new GetOptions(ContentTypes.of(name), Sandbox.disposition(name));
            String url = store.signGet(located.key(), validity, options).url();
            return Response.temporaryRedirect(URI.create(url))
                    .header("Cache-Control", "no-store")
                    .build();
        } catch (StoreException e) {
            throw ArtifactFinder.toApi(e);
        }
    }

    private Response directory() throws StoreException {
        DirectoryStream directory = new DirectoryStream(located.store(), located.key());
        if (!directory.exists()) {
            throw ApiException.notFound("there is no object \"" + located.key() + "\" in the store any more");
        }
        Packing packing = packing();
        ResponseBuilder response = Sandbox.around(Response.ok(), Sandbox.fileName(located.key()) + packing.ending());
        return wishes.headOnly()
                ? response.build()
                : response.entity((StreamingOutput) out -> directory.copy(packing, out))
                        .build();
    }

    private Packing packing() {
        return switch (wishes.archive()) {
            case null -> Packing.TAR_GZ;
            case "", "tgz", "tar.gz" -> Packing.TAR_GZ;
            case "zip" -> Packing.ZIP;
            default ->
                throw ApiException.invalid("archive is \"" + wishes.archive() + "\"; it must be \"tgz\" or \"zip\"");
        };
    }

    private Response file(StoredObject object) {
        String etag = '"' + object.etag().replace("\"", "") + '"';
        if (!object.etag().isEmpty() && isKnown(etag)) {
            return Response.notModified().header("ETag", etag).build();
        }
        ArtifactStore store = located.store();
        long size = object.sizeBytes();
        if (size < 0) {
            return unsized(object, etag);
        }
        ByteRange all = new ByteRange(0, size - 1);
        ResponseBuilder response;
        ByteRange part;
        switch (ByteRange.parse(hasChanged(etag) ? null : wishes.range(), size)) {
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
        Sandbox.around(response, Sandbox.fileName(object.key()))
                .header("Accept-Ranges", "bytes")
                .header("ETag", etag)
                .header("Content-Length", Math.max(0, part.length()));
        if (wishes.headOnly()) {
            return response.build();
        }
        ObjectStream stream = new ObjectStream(store, object);
        Carrier quicker = reader.carrier(store, object, part.length());
        return response.entity((StreamingOutput) out -> stream.copy(part, quicker, out))
                .build();
    }

    /** From a store that knows neither sizes nor ranges: from the beginning to wherever it ends. */
    private Response unsized(StoredObject object, String etag) {
        ResponseBuilder response =
                Sandbox.around(Response.ok(), Sandbox.fileName(object.key())).header("Accept-Ranges", "none");
        if (!object.etag().isEmpty()) {
            response.header("ETag", etag);
        }
        if (wishes.headOnly()) {
            return response.build();
        }
        return response.entity((StreamingOutput) out -> {
                    try (var in = located.store().read(object.key())) {
                        in.transferTo(out);
                    }
                })
                .build();
    }

    private boolean hasChanged(String etag) {
        return wishes.ifRange() != null && !wishes.ifRange().equals(etag);
    }

    private boolean isKnown(String etag) {
        return wishes.ifNoneMatch() != null
                && Arrays.stream(wishes.ifNoneMatch().split(",", -1))
                        .map(String::strip)
                        .anyMatch(known -> known.equals("*") || known.equals(etag) || known.equals("W/" + etag));
    }
}
