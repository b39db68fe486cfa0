package io.tiphys.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;

/** What kind of node it is. {@link #UNKNOWN} is written as nothing. */
@JsonSerialize(using = JsonNamed.Serializer.class)
public enum NodeType implements JsonNamed {
    UNKNOWN(""),
    POD("Pod"),
    CONTAINER("Container"),
    STEPS("Steps"),
    STEP_GROUP("StepGroup"),
    DAG("DAG"),
    TASK_GROUP("TaskGroup"),
    RETRY("Retry"),
    SKIPPED("Skipped"),
    SUSPEND("Suspend"),
    HTTP("HTTP"),
    PLUGIN("Plugin");

    private final String json;

    NodeType(String json) {
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
    public static NodeType of(String json) {
        for (NodeType value : values()) {
            if (value.json.equals(json)) {
                return value;
            }
        }
        return UNKNOWN;
    }

    @Override
    public String toString() {
        return json;
    }
}
