package io.tiphys.submitter.rest;

import io.tiphys.submitter.artifacts.ArtifactDownload.Reader;
import io.tiphys.submitter.artifacts.ArtifactDownload.Wishes;
import io.tiphys.submitter.artifacts.Relay;
import io.vertx.core.http.HttpServerResponse;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Request;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What every request for an artifact says: which artifact of which node, and which part of it. */
public final class ArtifactRequest {
    /** So much of an answer may wait for its reader: several pieces, so that who reads and who writes don't wait for each other at each one. */
    private static final int QUEUE_BYTES = 256 * 1024;

    @PathParam("node")
    public String node = "";

    @PathParam("artifact")
    public String artifact = "";

    @HeaderParam("Range")
    public @Nullable String range;

    @HeaderParam("If-Range")
    public @Nullable String ifRange;

    @HeaderParam("If-None-Match")
    public @Nullable String ifNoneMatch;

    /** How a directory is to be packed. */
    @QueryParam("archive")
    public @Nullable String archive;

    @Context
    public @Nullable Request request;

    @Context
    public @Nullable HttpServerResponse response;

    /** To be called before an answer that may be large. */
    void widenAnswer() {
        if (response != null) {
            response.setWriteQueueMaxSize(QUEUE_BYTES);
        }
    }

    boolean isHead() {
        return request != null && request.getMethod().equals("HEAD");
    }

    Reader reader(Relay relay) {
        return new Reader(relay, Objects.requireNonNull(response, "response"));
    }

    Wishes wishes() {
        return new Wishes(range, ifRange, ifNoneMatch, archive, isHead());
    }
}
