package io.tiphys.controller.image;

import java.io.IOException;

/** A registry didn't tell; the message says what it did instead. */
final class RegistryException extends IOException {
    private final boolean isTransient;

    RegistryException(String message, boolean isTransient) {
        super(message);
        this.isTransient = isTransient;
    }

    boolean isTransient() {
        return isTransient;
    }
}
