package io.tiphys.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;

/** The state of a node. {@link #UNKNOWN} is written as nothing. */
@JsonSerialize(using = JsonNamed.Serializer.class)
public enum NodePhase implements JsonNamed {
    UNKNOWN(""),
    PENDING("Pending"),
    RUNNING("Running"),
    SUCCEEDED("Succeeded"),
    SKIPPED("Skipped"),
    FAILED("Failed"),
    ERROR("Error"),
    OMITTED("Omitted");

    private final String json;

    NodePhase(String json) {
        this.json = json;
    }

    /** The name in JSON. */
    @Override
    @JsonValue
    public String json() {
        return json;
    }

    /** The constant with that JSON name, {@link #UNKNOWN} for others. */
    @JsonCreator
    public static NodePhase of(String json) {
        for (NodePhase value : values()) {
            if (value.json.equals(json)) {
                return value;
            }
        }
        return UNKNOWN;
    }

    /** Whether nothing more will happen. */
    public boolean isFulfilled() {
        return switch (this) {
            case SUCCEEDED, SKIPPED, FAILED, ERROR, OMITTED -> true;
            case UNKNOWN, PENDING, RUNNING -> false;
        };
    }

    /** Whether it went wrong. */
    public boolean isFailedOrError() {
        return this == FAILED || this == ERROR;
    }

    @Override
    public String toString() {
        return json;
    }
}
