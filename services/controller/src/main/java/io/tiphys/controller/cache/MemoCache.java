package io.tiphys.controller.cache;

import io.tiphys.api.Outputs;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Outputs of earlier nodes by key. Calls block on whoever keeps them. */
public interface MemoCache {

    /** What a cache said. */
    sealed interface Answer {
        record Found(Instant createdAt, @Nullable Outputs outputs) implements Answer {}

        record Nothing() implements Answer {}

        /** Nobody can say for the time being; it is to be asked again later. */
        record Unavailable(String message) implements Answer {}

        /** It can't be used; the message is for the user. */
        record Unusable(String message) implements Answer {}
    }

    Answer lookUp(String namespace, String cache, String key) throws InterruptedException;

    /**
     * Keeps the outputs of a node under the key.
     *
     * @return why it couldn't; empty if it did
     */
    Optional<String> save(String namespace, String cache, String key, String nodeId, @Nullable Outputs outputs)
            throws InterruptedException;
}
