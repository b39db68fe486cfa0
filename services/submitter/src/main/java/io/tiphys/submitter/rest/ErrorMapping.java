package io.tiphys.submitter.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tiphys.submitter.rest.ApiException.Code;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Turns every failure into Argo's error body {@code {error, code, message}} with the HTTP status that belongs to the code. */
public class ErrorMapping {
    private static final Logger LOG = Logger.getLogger(ErrorMapping.class);
    private static final int RETRY_AFTER_SECONDS = 1;

    @ServerExceptionMapper
    public Response refused(ApiException e) {
        return answer(e);
    }

    @ServerExceptionMapper
    public Response kubernetes(KubernetesClientException e) {
        return answer(toApi(e));
    }

    @ServerExceptionMapper
    public Response notJson(JsonProcessingException e) {
        return answer(ApiException.invalid("request body is not valid JSON: " + e.getOriginalMessage()));
    }

    @ServerExceptionMapper
    public Response http(WebApplicationException e) {
        int status = e.getResponse().getStatus();
        Code code = switch (status) {
            case 400 -> Code.INVALID_ARGUMENT;
            case 401 -> Code.UNAUTHENTICATED;
            case 403 -> Code.PERMISSION_DENIED;
            case 404 -> Code.NOT_FOUND;
            case 405, 415, 406 -> Code.UNIMPLEMENTED;
            default -> Code.INTERNAL;
        };
        String text = code == Code.NOT_FOUND ? "Not Found" : String.valueOf(e.getMessage());
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON)
                .entity(body(code, text))
                .build();
    }

    @ServerExceptionMapper
    public Response unexpected(RuntimeException e) {
        LOG.error("request failed unexpectedly", e);
        return answer(new ApiException(Code.INTERNAL, "internal error: " + e));
    }

    private static Response answer(ApiException e) {
        Response.ResponseBuilder answer = Response.status(e.code().http())
                .type(MediaType.APPLICATION_JSON)
                .entity(body(e.code(), e.text()));
        if (e.code() == Code.RESOURCE_EXHAUSTED) {
            answer.header("Retry-After", RETRY_AFTER_SECONDS);
        }
        return answer.build();
    }

    /** The error body, also used inside streams. */
    public static ObjectNode body(Code code, String message) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("error", message)
                .put("code", code.grpc())
                .put("message", message);
    }

    /** Says in the API's terms what the Kubernetes API answered. */
    public static ApiException toApi(KubernetesClientException e) {
        Status status = e.getStatus();
        String reason = status == null || status.getReason() == null ? "" : status.getReason();
        String message =
                status != null && status.getMessage() != null ? status.getMessage() : String.valueOf(e.getMessage());
        return switch (e.getCode()) {
            case 400, 422 -> new ApiException(Code.INVALID_ARGUMENT, message, e);
            case 401 -> new ApiException(Code.UNAUTHENTICATED, message, e);
            case 403 ->
                new ApiException(
                        message.contains("exceeded quota") ? Code.RESOURCE_EXHAUSTED : Code.PERMISSION_DENIED,
                        message,
                        e);
            case 404 -> new ApiException(Code.NOT_FOUND, message, e);
            case 409 ->
                new ApiException(reason.equals("AlreadyExists") ? Code.ALREADY_EXISTS : Code.ABORTED, message, e);
            case 429 -> new ApiException(Code.RESOURCE_EXHAUSTED, message, e);
            case -1, 0, 502, 503, 504 ->
                new ApiException(Code.UNAVAILABLE, "the Kubernetes API is not available: " + message, e);
            default -> new ApiException(Code.INTERNAL, message, e);
        };
    }
}
