package io.tiphys.submitter.artifacts;

import java.io.IOException;
import java.util.function.LongConsumer;

/** One way for an object's bytes from the store to a reader, which may break. */
interface Carrier {

    /**
     * Carries the bytes {@code from} to {@code to}, both inclusive; returns when the last one is with the reader. Blocks.
     *
     * @param again whether it is a continuation: the object has to be shown to be the same
     * @param carried is told of each piece that the reader has got or will get, before this returns or throws
     * @throws ChangedException if the object is another one now
     * @throws ReaderGoneException if nobody takes the bytes any more
     * @throws IOException if the store broke off
     */
    void carry(long from, long to, boolean again, LongConsumer carried) throws IOException;

    /** The object is another one now: what comes would be no continuation of what went. */
    final class ChangedException extends IOException {
        ChangedException(String key, long at) {
            super("object " + key + " was replaced while it was read, at byte " + at);
        }
    }

    /** Why writing failed: the reader has gone. */
    final class ReaderGoneException extends IOException {
        ReaderGoneException(Throwable cause) {
            super(cause);
        }
    }
}
