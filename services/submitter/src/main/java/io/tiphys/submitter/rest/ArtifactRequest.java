package io.tiphys.submitter.rest;

import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Request;
import org.jspecify.annotations.Nullable;

/** What every request for an artifact says: which artifact of which node, and which part of it. */
public final class ArtifactRequest {
    @PathParam("node")
    public String node = "";

    @PathParam("artifact")
    public String artifact = "";

    @HeaderParam("Range")
    public @Nullable String range;

    @HeaderParam("If-Range")
    public @Nullable String ifRange;

    @Context
    public @Nullable Request request;

    boolean isHead() {
        return request != null && request.getMethod().equals("HEAD");
    }
}
