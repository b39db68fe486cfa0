package io.tiphys.controller.kube;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a refused request to the API server means for us. */
public enum ApiFailure {
    /** The server is away, overloaded or broken: the same request may succeed later. */
    TRANSIENT,
    /** A quota is used up: the same request may succeed when something else has ended. */
    QUOTA,
    /** The object was changed in the meantime: read it again. */
    CONFLICT,
    ALREADY_EXISTS,
    NOT_FOUND,
    /** The request itself is wrong or not allowed; repeating it is pointless. */
    PERMANENT;

    /** Whether the object has more bytes than the server or its etcd takes. */
    public static boolean isTooLarge(KubernetesClientException e) {
        return e.getCode() == 413 || message(e).contains("request is too large");
    }

    public static ApiFailure of(KubernetesClientException e) {
        if (isTooLarge(e)) {
            return PERMANENT; // etcd's refusal comes with status 500
        }
        Status status = e.getStatus();
        String reason = status == null || status.getReason() == null ? "" : status.getReason();
        return switch (e.getCode()) {
            case 404, 410 -> NOT_FOUND;
            case 409 ->
                reason.equals("AlreadyExists") || message(e).contains("already exists") ? ALREADY_EXISTS : CONFLICT;
            case 403 -> message(e).contains("exceeded quota") ? QUOTA : PERMANENT;
            case 408, 425, 429 -> TRANSIENT;
            default -> isAnswered(e) && e.getCode() < 500 ? PERMANENT : TRANSIENT;
        };
    }

    /** Whether it was the server that refused; the client gives a connection that broke the code -1 or 0. */
    private static boolean isAnswered(KubernetesClientException e) {
        return e.getCode() >= 400;
    }

    /** What the server said, without the client's wrapping. */
    public static String reason(KubernetesClientException e) {
        Status status = e.getStatus();
        String said = status == null ? null : status.getMessage();
        return said != null && !said.isBlank() ? said : text(e.getMessage());
    }

    private static String message(KubernetesClientException e) {
        return reason(e).toLowerCase(Locale.ROOT);
    }

    private static String text(@Nullable String message) {
        return message == null ? "no reason given" : message;
    }
}
