package io.tiphys.executor.emissary;

import java.io.IOException;

/** Emissary no longer answers: its container was killed (out of memory, pod deleted), so nothing in it can be read any more. */
public final class EmissaryGoneException extends IOException {
    EmissaryGoneException(String container, Throwable cause) {
        super("container \"" + container + "\" is gone", cause);
    }

    EmissaryGoneException(String container) {
        super("container \"" + container + "\" is gone");
    }
}
