package io.tiphys.local.node.container;

import java.io.IOException;

/** A container couldn't be started; the message is one line for the user. */
public final class StartException extends IOException {
    private static final long serialVersionUID = 1;

    public StartException(String message) {
        super(message);
    }

    /** Never null. */
    public String reason() {
        String message = getMessage();
        return message == null ? "unknown" : message;
    }
}
