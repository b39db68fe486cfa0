package io.tiphys.artifacts;

import java.io.IOException;

/** Object storage did not do what was asked. The message names bucket and key, never a credential. */
public final class StoreException extends IOException {
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
        super(message);
        this.kind = kind;
    }

    public StoreException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
