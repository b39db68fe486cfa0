package io.tiphys.executor.http;

/** The upload session is no more (aborted, or what was stored was found to be wrong): begin the upload again. */
public final class SessionLostException extends PermanentException {
    public SessionLostException(String message) {
        super(message);
    }
}
