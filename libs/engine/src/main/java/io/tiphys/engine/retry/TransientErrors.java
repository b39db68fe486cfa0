package io.tiphys.engine.retry;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Messages that speak of trouble that passes: what {@code retryPolicy: OnTransientError} retries. */
final class TransientErrors {
    private static final List<String> SIGNS = List.of(
            "exceeded quota",
            "resourcequota",
            "too many requests",
            "connection refused",
            "connection reset",
            "i/o timeout",
            "tls handshake timeout",
            "etcdserver: request timed out",
            "the server is currently unable to handle the request",
            "transient");

    private TransientErrors() {}

    static boolean matches(@Nullable String message) {
        String text = message == null ? "" : message.toLowerCase(Locale.ROOT);
        return SIGNS.stream().anyMatch(text::contains);
    }
}
