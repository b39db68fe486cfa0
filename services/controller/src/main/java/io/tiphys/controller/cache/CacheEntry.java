package io.tiphys.controller.cache;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Outputs;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * One value of a cache's ConfigMap, in Argo's form. Old ones have capital letters, which Go doesn't mind.
 *
 * @param creationTimestamp RFC 3339
 * @param lastHitTimestamp RFC 3339
 */
record CacheEntry(
        @JsonProperty("nodeID") @JsonAlias("NodeID") @Nullable
        String nodeId,

        @JsonAlias("Outputs") @Nullable Outputs outputs,
        @JsonAlias("CreationTimestamp") @Nullable String creationTimestamp,
        @JsonAlias("LastHitTimestamp") @Nullable String lastHitTimestamp) {

    static CacheEntry of(String nodeId, @Nullable Outputs outputs, Instant now) {
        String time = text(now);
        return new CacheEntry(nodeId, outputs, time, time);
    }

    static CacheEntry parse(String json) throws JsonProcessingException {
        return ApiJson.mapper().readValue(json, CacheEntry.class);
    }

    String toJson() {
        try {
            return ApiJson.mapper().writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a cache entry can't be written as JSON", e);
        }
    }

    boolean isHit() {
        return nodeId != null && !nodeId.isEmpty();
    }

    Instant createdAt() {
        return time(creationTimestamp);
    }

    Instant lastHitAt() {
        return time(lastHitTimestamp);
    }

    CacheEntry hitAt(Instant now) {
        return new CacheEntry(nodeId, outputs, creationTimestamp, text(now));
    }

    private static String text(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** One without a time is as old as can be. */
    private static Instant time(@Nullable String text) {
        try {
            return text == null ? Instant.EPOCH : Instant.parse(text);
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }
}
