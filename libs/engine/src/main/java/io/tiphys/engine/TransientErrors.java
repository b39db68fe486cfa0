package io.tiphys.engine;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Messages that speak of trouble that passes: what {@code retryPolicy: OnTransientError} retries. */
public final class TransientErrors {
    /** The setting that an operator knows the pattern by; Argo's {@code TRANSIENT_ERROR_PATTERN}. */
    public static final String PATTERN_SETTING = "tiphys.controller.transient-error-pattern";

    /** Without a pattern of the operator's. */
    public static final TransientErrors KNOWN = new TransientErrors(null);

    /** Argo looks for these words as they are, whatever the case of others. */
    private static final List<String> SIGNS = List.of(
            "unexpected error when reading response body",
            "stream error when reading response body",
            "Connection closed by foreign host",
            "net/http: TLS handshake timeout",
            "i/o timeout",
            "connection timed out",
            "connection reset by peer",
            "http2: client connection lost",
            "http2: server sent GOAWAY and closed the connection",
            "request did not complete within requested timeout",
            "connect: connection refused",
            "invalid connection",
            "etcdserver: leader changed",
            "etcdserver: request timed out",
            "etcdserver: too many requests",
            "client rate limiter Wait returned an error",
            "upper: no more rows in");

    /** An operator's pattern may be slow on long texts, and messages are the user's. */
    private static final int LONGEST = 4_096;

    private final @Nullable Pattern pattern;

    private TransientErrors(@Nullable Pattern pattern) {
        this.pattern = pattern;
    }

    /** The known ones, and all messages in which the pattern is found. */
    public static TransientErrors of(Optional<String> pattern) {
        if (pattern.isEmpty() || pattern.get().isEmpty()) {
            return KNOWN;
        }
        try {
            return new TransientErrors(Pattern.compile(pattern.get()));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    PATTERN_SETTING + " is \"" + pattern.get() + "\", no regular expression: " + e.getDescription(), e);
        }
    }

    public boolean matches(@Nullable String message) {
        if (message == null) {
            return false;
        }
        if (SIGNS.stream().anyMatch(message::contains)) {
            return true;
        }
        String looked = message.length() <= LONGEST ? message : message.substring(0, LONGEST);
        return pattern != null && pattern.matcher(looked).find();
    }
}
