package io.tiphys.executor.resource;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/** The API server refused; the message is kubectl's. */
final class ApiException extends IOException {
    private final int status;
    private final String reason;

    ApiException(int status, String reason, String message) {
        super("Error from server (" + reason + "): " + message);
        this.status = status;
        this.reason = reason;
    }

    /** From a {@code Status} object, or whatever else came. */
    static ApiException of(int status, JsonNode body, String doing) {
        String reason = body.path("reason").asText("");
        String message = body.path("message").asText("");
        return new ApiException(
                status,
                reason.isEmpty() ? "HTTP " + status : reason,
                doing + (message.isEmpty() ? "the server answered HTTP " + status : message));
    }

    boolean isNotFound() {
        return status == 404;
    }

    /** Whether the same request may succeed a moment later (Argo: util/errors, IsTransientErr). */
    boolean isTransient() {
        String message = String.valueOf(getMessage());
        return status == 429
                || status == 502
                || status == 503
                || status == 504
                || reason.equals("ServerTimeout")
                || reason.equals("Timeout")
                || (status == 403 && message.contains("exceeded quota"))
                || (status == 409 && message.contains("Operation cannot be fulfilled on resourcequota"))
                || message.contains("etcdserver: request timed out");
    }
}
