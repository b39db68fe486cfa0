package io.tiphys.engine.definition;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Synchronization;
import io.tiphys.expression.CompiledText;
import org.jspecify.annotations.Nullable;

/** Locks of a template or workflow, their names compiled. */
final class Locks {
    private Locks() {}

    /** The document with its tags parsed; null if it names no lock. */
    static @Nullable CompiledText of(@Nullable Synchronization synchronization) {
        if (synchronization == null
                || (synchronization.mutexes().isEmpty()
                        && synchronization.semaphores().isEmpty())) {
            return null;
        }
        try {
            return CompiledText.compileJson(ApiJson.mapper().writeValueAsString(synchronization));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("synchronization can't be written as JSON", e);
        }
    }
}
