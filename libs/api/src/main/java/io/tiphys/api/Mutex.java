package io.tiphys.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/** A lock that one node at a time holds. */
@ArgoType
public record Mutex(
        @Nullable String name,
        @Nullable String namespace,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean database)
        implements MutexBuilder.With {}
