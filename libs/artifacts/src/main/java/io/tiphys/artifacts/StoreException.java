package io.tiphys.artifacts;

import java.io.IOException;
import java.util.regex.Pattern;

/**
 * Object storage did not do what was asked. The message names store, key and cause, never a credential: what looks like a signature or
 * a token is taken out of it, whoever wrote it.
 */
public final class StoreException extends IOException {
    private static final Pattern SECRET_IN_URL = Pattern.compile(
            "(?i)([?&](?:x-oss-|x-amz-|x-goog-)?(?:signature|sig|security-token|token|credential|ossaccesskeyid)=)[^&\\s\"'<]+");
    private static final Pattern AUTHORIZATION = Pattern.compile("(?i)\\b(basic|bearer) +[A-Za-z0-9+/=._~-]{6,}");
    private static final Pattern USER_IN_URL = Pattern.compile("(?i)([a-z][a-z0-9+.-]*://)[^/\\s\"'@]+@");

    public enum Kind {
        /** No such object, bucket or upload. */
        NOT_FOUND,
        /** Not allowed, or the request can't be right; repeating it won't help. */
        REFUSED,
        /** Overloaded, unreachable or broken; worth another try. */
        UNAVAILABLE
    }

    private final Kind kind;

    public StoreException(Kind kind, String message) {
        super(withoutSecrets(message));
        this.kind = kind;
    }

    public StoreException(Kind kind, String message, Throwable cause) {
        super(withoutSecrets(message), cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /** The same, said of an artifact. */
    public StoreException ofArtifact(String artifact) {
        return new StoreException(kind, "artifact \"" + artifact + "\": " + getMessage(), this);
    }

    /** A refusal of what a store can't do. */
    public static StoreException unable(String store, String what) {
        return new StoreException(Kind.REFUSED, store + " can't " + what);
    }

    /** What an HTTP status means for whoever might try again. */
    public static Kind kindOf(int httpStatus) {
        return switch (httpStatus) {
            case 404, 410 -> Kind.NOT_FOUND;
            case 408, 425, 429 -> Kind.UNAVAILABLE;
            default -> httpStatus >= 500 ? Kind.UNAVAILABLE : Kind.REFUSED;
        };
    }

    private static String withoutSecrets(String message) {
        var unsigned = SECRET_IN_URL.matcher(message).replaceAll("$1…");
        var unauthorized = AUTHORIZATION.matcher(unsigned).replaceAll("$1 …");
        return USER_IN_URL.matcher(unauthorized).replaceAll("$1");
    }
}
