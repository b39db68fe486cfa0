package io.tiphys.local.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** A refusal that the client sees as a Kubernetes {@code Status} object with this HTTP code and machine-readable reason. */
final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int code;
    private final String reason;

    ApiException(int code, String reason, String message) {
        super(message, null, false, false);
        this.code = code;
        this.reason = reason;
    }

    int code() {
        return code;
    }

    static ApiException badRequest(String message) {
        return new ApiException(400, "BadRequest", message);
    }

    static ApiException notFound(ResourceType type, String name) {
        return new ApiException(404, "NotFound", type.qualifiedPlural() + " \"" + name + "\" not found");
    }

    static ApiException noSuchPath() {
        return new ApiException(404, "NotFound", "the server could not find the requested resource");
    }

    static ApiException alreadyExists(ResourceType type, String name) {
        return new ApiException(409, "AlreadyExists", type.qualifiedPlural() + " \"" + name + "\" already exists");
    }

    static ApiException conflict(ResourceType type, String name, String why) {
        return new ApiException(
                409,
                "Conflict",
                "Operation cannot be fulfilled on " + type.qualifiedPlural() + " \"" + name + "\": " + why);
    }

    static ApiException invalid(ResourceType type, String name, String why) {
        return new ApiException(422, "Invalid", type.kind() + " \"" + name + "\" is invalid: " + why);
    }

    static ApiException methodNotAllowed() {
        return new ApiException(
                405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
    }

    static ApiException expired(long resourceVersion, long oldest) {
        return new ApiException(
                410, "Expired", "too old resource version: " + resourceVersion + " (" + oldest + "); list again");
    }

    static ApiException unsupportedMediaType(String type, String allowed) {
        return new ApiException(
                415, "UnsupportedMediaType", "content type \"" + type + "\" is not supported here; use " + allowed);
    }

    ObjectNode toStatus() {
        ObjectNode status = Json.object();
        status.put("kind", "Status").put("apiVersion", "v1").putObject("metadata");
        return status.put("status", "Failure")
                .put("message", String.valueOf(getMessage()))
                .put("reason", reason)
                .put("code", code);
    }
}
