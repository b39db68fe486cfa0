package io.tiphys.uploader.rest;

import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/** Only what is streamed may be as long as it likes; every other request is read into memory, and none of them is long. */
class BodyLimit {
    private static final long MAX_BYTES = 32L * 1024 * 1024;

    @ServerRequestFilter(preMatching = true)
    @Nullable
    Response check(ContainerRequestContext context, HttpServerRequest request) {
        if (context.getUriInfo().getPath().startsWith("/v1/streams/")) {
            return null;
        }
        var length = request.getHeader("Content-Length");
        boolean untold = length == null && request.getHeader("Transfer-Encoding") != null;
        if (untold) {
            return refusal(411, "the request needs a Content-Length");
        }
        if (length != null && (!length.matches("\\d{1,18}") || Long.parseLong(length) > MAX_BYTES)) {
            return refusal(413, "the request has more than " + MAX_BYTES + " bytes");
        }
        return null;
    }

    private static Response refusal(int status, String message) {
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(new io.tiphys.transfer.Refusal(io.tiphys.transfer.Refusal.INVALID, message))
                .build();
    }
}
