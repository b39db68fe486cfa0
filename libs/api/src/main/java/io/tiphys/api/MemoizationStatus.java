package io.tiphys.api;

import com.fasterxml.jackson.annotation.JsonInclude;

/** Whether the cache had the key. */
@ArgoType
public record MemoizationStatus(
        @JsonInclude(JsonInclude.Include.ALWAYS) boolean hit, String key, String cacheName)
        implements MemoizationStatusBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public MemoizationStatus {
        key = key == null ? "" : key;
        cacheName = cacheName == null ? "" : cacheName;
    }
}
