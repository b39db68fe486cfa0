package io.tiphys.executor.http;

import java.io.IOException;

/** Trying again won't help; the message is for the user. */
public class PermanentException extends IOException {
    public PermanentException(String message) {
        super(message);
    }

    public PermanentException(String message, Throwable cause) {
        super(message, cause);
    }
}
