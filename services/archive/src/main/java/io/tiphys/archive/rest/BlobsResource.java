package io.tiphys.archive.rest;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.tiphys.api.PackedJson;
import io.tiphys.archive.blob.Blobs;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;

/** Gzipped JSON by the SHA-256 of its text. What is put under a hash that it doesn't have is refused. */
@Path("/v1/namespaces/{namespace}/blobs/{hash}")
@RunOnVirtualThread
public class BlobsResource {
    private final Blobs blobs;

    public BlobsResource(Blobs blobs) {
        this.blobs = blobs;
    }

    @PUT
    @Consumes(MediaType.APPLICATION_OCTET_STREAM)
    public Response put(@PathParam("namespace") String namespace, @PathParam("hash") String hash, InputStream body)
            throws IOException {
        if (!PackedJson.isHash(hash)) {
            throw new BadQueryException("the hash must be 64 hex digits, got \"" + hash + "\"");
        }
        byte[] content = body.readNBytes(PackedJson.MAX_PACKED_BYTES + 1);
        if (content.length > PackedJson.MAX_PACKED_BYTES) {
            throw new BadQueryException(
                    "more than " + PackedJson.MAX_PACKED_BYTES / 1024 / 1024 + " MiB of gzip can't be kept");
        }
        try {
            PackedJson.verify(hash, content);
        } catch (IllegalArgumentException e) {
            throw new BadQueryException(String.valueOf(e.getMessage()));
        }
        blobs.put(namespace, hash, content);
        return Response.noContent().build();
    }

    @GET
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    public byte[] get(@PathParam("namespace") String namespace, @PathParam("hash") String hash) {
        return blobs.get(namespace, hash).orElseThrow(NotFoundException::new);
    }
}
