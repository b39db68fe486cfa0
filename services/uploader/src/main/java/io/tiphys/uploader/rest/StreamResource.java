package io.tiphys.uploader.rest;

import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.tiphys.artifacts.ArtifactStore;
import io.tiphys.artifacts.ArtifactStore.PutOptions;
import io.tiphys.artifacts.StoreDriver.Located;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoreException.Kind;
import io.tiphys.artifacts.StoredObject;
import io.tiphys.artifacts.VerifiedStream;
import io.tiphys.transfer.Capability;
import io.tiphys.transfer.Refusal;
import io.tiphys.uploader.session.RefusedException;
import io.tiphys.uploader.stream.Places;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of stores that give pods no URLs: what {@code GET} and {@code PUT} with a presigned URL are elsewhere, here under the capability. One
 * buffer per stream; a slow reader or writer slows the store down. Refusals are worded as object storage words them, which is what executors
 * read here.
 */
@Path("/v1/streams/{artifact}")
@RunOnVirtualThread
public class StreamResource {
    private static final Logger LOG = Logger.getLogger(StreamResource.class);
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{1,18})-(\\d{0,18})");
    private static final int BUFFER = 64 * 1024;

    private final Authority authority;
    private final Places places;
    private final MeterRegistry meters;

    StreamResource(Authority authority, Places places, MeterRegistry meters) {
        this.authority = authority;
        this.places = places;
        this.meters = meters;
    }

    private interface Answer {
        Response of(Capability capability) throws RefusedException, StoreException;
    }

    private Response answer(@Nullable String authorization, String artifact, Answer answer) {
        try {
            return answer.of(authority.require(authorization));
        } catch (RefusedException e) {
            return refusal(e.status(), e.reason(), e.getMessage());
        } catch (StoreException e) {
            var told = String.valueOf(e.getMessage()).startsWith("artifact \"") ? e : e.ofArtifact(artifact);
            return switch (e.kind()) {
                case NOT_FOUND -> refusal(404, "NoSuchUpload", told.getMessage());
                case REFUSED -> refusal(422, Refusal.STORAGE_REFUSED, told.getMessage());
                case UNAVAILABLE -> {
                    LOG.warnf("answered 503: %s", told.getMessage());
                    yield refusal(503, Refusal.UNAVAILABLE, told.getMessage());
                }
            };
        }
    }

    private static Response refusal(int status, String code, @Nullable String message) {
        var escaped = String.valueOf(message)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;");
        return Response.status(status)
                .type(MediaType.APPLICATION_XML_TYPE)
                .entity("<Error><Code>" + code + "</Code><Message>" + escaped + "</Message></Error>")
                .build();
    }

    @GET
    public Response read(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @PathParam("artifact") String artifact,
            @QueryParam("path") @DefaultValue("") String path,
            @HeaderParam("Range") @Nullable String range,
            @HeaderParam("If-Match") @Nullable String ifMatch) {
        return answer(authorization, artifact, capability -> {
            var location = location(capability.read(), artifact, "read");
            var located = places.read(capability, artifact, location);
            var key = key(located, path);
            var object = located.store()
                    .head(key)
                    .orElseThrow(() -> new StoreException(
                            Kind.NOT_FOUND,
                            "there is no object " + located.store().name() + "/" + key));
            if (ifMatch != null
                    && !object.etag().isEmpty()
                    && !ifMatch.replace("\"", "").equals(object.etag())) {
                return refusal(412, "PreconditionFailed", "the object is another one by now");
            }
            meters.counter("tiphys.uploader.streams", "direction", "read").increment();
            var expected = ifMatch == null ? "" : object.etag();
            return content(object, range, copy(capability, location, located.store(), key, expected));
        });
    }

    private interface Copy {
        void write(long from, long to, OutputStream out) throws IOException;
    }

    /** @param etag of the object that the content must be of; empty if it doesn't matter, as for who reads all in one go */
    private Copy copy(
            Capability capability, Map<String, Object> location, ArtifactStore store, String key, String etag) {
        var spooled = places.spooled(capability, location, key);
        return (from, to, out) -> {
            if (spooled.isPresent()) {
                try (var in = Files.newInputStream(spooled.get().file())) {
                    in.skipNBytes(from);
                    copy(in, to - from + 1, out);
                }
            } else {
                try (var in = store.read(key, from, to)) {
                    checkIsSame(store, key, etag);
                    copy(in, to - from + 1, out);
                }
            }
        };
    }

    /** Asked for after the content was, so that an object that came between the look at it and the reading is seen. */
    private static void checkIsSame(ArtifactStore store, String key, String etag) throws IOException {
        if (!etag.isEmpty()
                && !store.head(key).map(StoredObject::etag).orElse("").equals(etag)) {
            throw new IOException("object " + key + " was replaced while it was read");
        }
    }

    private static void copy(InputStream in, long length, OutputStream out) throws IOException {
        var buffer = new byte[BUFFER];
        for (long left = length; left > 0; ) {
            int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (n < 0) {
                throw new IOException("the object ended " + left + " bytes early");
            }
            out.write(buffer, 0, n);
            left -= n;
        }
    }

    private static Response content(StoredObject object, @Nullable String range, Copy copy) {
        long size = object.sizeBytes();
        var asked = RANGE.matcher(range == null ? "" : range);
        boolean part = asked.matches();
        long from = part ? Long.parseLong(asked.group(1)) : 0;
        long to = part && !asked.group(2).isEmpty() ? Math.min(size - 1, Long.parseLong(asked.group(2))) : size - 1;
        if (part && (from >= size || from > to)) {
            return Response.fromResponse(refusal(416, "InvalidRange", "the object has " + size + " bytes"))
                    .header("Content-Range", "bytes */" + size)
                    .build();
        }
        StreamingOutput body = out -> copy.write(from, to, out);
        var response = Response.status(part ? 206 : 200)
                .type(MediaType.APPLICATION_OCTET_STREAM_TYPE)
                .header("Accept-Ranges", "bytes")
                .header("Content-Length", to - from + 1);
        if (!object.etag().isEmpty()) {
            response.header("ETag", '"' + object.etag() + '"');
        }
        if (part) {
            response.header("Content-Range", "bytes " + from + "-" + to + "/" + size);
        }
        return size == 0 ? response.build() : response.entity(body).build();
    }

    /** The whole object, or with {@code uploadId} one part of an upload. */
    @PUT
    @Consumes(MediaType.WILDCARD)
    public Response write(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @PathParam("artifact") String artifact,
            @QueryParam("path") @DefaultValue("") String path,
            @QueryParam("uploadId") @Nullable String uploadId,
            @QueryParam("partNumber") @DefaultValue("0") int partNumber,
            @HeaderParam("Content-MD5") @Nullable String md5,
            @HeaderParam(HttpHeaders.CONTENT_LENGTH) @DefaultValue("-1") long length,
            @HeaderParam(HttpHeaders.CONTENT_TYPE) @Nullable String contentType,
            InputStream content) {
        return answer(authorization, artifact, capability -> {
            var location = location(capability.write(), artifact, "write");
            if (md5 == null || length < 0) {
                throw new RefusedException(
                        411, Refusal.INVALID, "the headers Content-Length and Content-MD5 must be there");
            }
            var located = places.write(capability, artifact, location);
            var key = key(located, path);
            meters.counter("tiphys.uploader.streams", "direction", "write").increment();
            var body = new VerifiedStream("the content", content, length, md5);
            try {
                body.checkedIfEmpty();
                var etag = uploadId == null
                        ? located.store()
                                .put(key, new PutOptions(contentType, md5, null), body, length)
                                .etag()
                        : located.store()
                                .putPart(key, uploadId, partNumber, body, length, md5)
                                .etag();
                return Response.ok().header("ETag", '"' + etag + '"').build();
            } catch (IOException e) {
                if (body.refusal() != null) { // damaged on the way here, not refused by the store
                    return refusal(400, "InvalidDigest", "what arrived is not what was announced");
                }
                throw e instanceof StoreException told
                        ? told
                        : new StoreException(Kind.UNAVAILABLE, "the content broke off: " + e.getMessage(), e);
            }
        });
    }

    private static Map<String, Object> location(Map<String, Map<String, Object>> allowed, String artifact, String what)
            throws RefusedException {
        var location = allowed.get(artifact);
        if (location == null) {
            throw new RefusedException(
                    401, Refusal.UNAUTHORIZED, "this pod may not " + what + " an artifact \"" + artifact + "\"");
        }
        return location;
    }

    private static String key(Located located, String path) throws RefusedException {
        if (path.isEmpty()) {
            return located.key();
        }
        if (path.startsWith("/") || List.of(path.split("/", -1)).contains("..")) {
            throw new RefusedException(
                    400, Refusal.INVALID, "path \"" + path + "\" must be relative and have no \"..\"");
        }
        return located.key().replaceFirst("/+$", "") + "/" + path;
    }
}
