package io.tiphys.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;

/** The state of a workflow. {@link #UNKNOWN}, written as nothing, is one that nobody has looked at yet. */
@JsonSerialize(using = JsonNamed.Serializer.class)
public enum WorkflowPhase implements JsonNamed {
    UNKNOWN(""),
    PENDING("Pending"),
    RUNNING("Running"),
    SUCCEEDED("Succeeded"),
    FAILED("Failed"),
    ERROR("Error");

    private final String json;

    WorkflowPhase(String json) {
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
    public static WorkflowPhase of(String json) {
        for (WorkflowPhase value : values()) {
            if (value.json.equals(json)) {
                return value;
            }
        }
        return UNKNOWN;
    }

    /** Whether nothing more will happen. */
    public boolean isFulfilled() {
        return switch (this) {
            case SUCCEEDED, FAILED, ERROR -> true;
            case UNKNOWN, PENDING, RUNNING -> false;
        };
    }

    @Override
    public String toString() {
        return json;
    }
}
