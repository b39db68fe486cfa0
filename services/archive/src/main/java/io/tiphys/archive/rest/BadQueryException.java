package io.tiphys.archive.rest;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** A question that can't be answered as it is; the message says what would be right. */
public final class BadQueryException extends WebApplicationException {
    public BadQueryException(String message) {
        super(
                message,
                Response.status(Response.Status.BAD_REQUEST)
                        .type(MediaType.TEXT_PLAIN)
                        .entity(message)
                        .build());
    }
}
