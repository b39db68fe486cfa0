package io.tiphys.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A named text value. Numbers and booleans in a manifest arrive as their text. */
@ArgoType
public record Parameter(
        String name,

        @JsonProperty("default")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @JsonDeserialize(using = AnyString.Deserializer.class)
        @Nullable
        String defaultValue,

        @JsonInclude(JsonInclude.Include.NON_NULL) @JsonDeserialize(using = AnyString.Deserializer.class) @Nullable
        String value,

        @Nullable ValueFrom valueFrom,
        @Nullable String globalName,

        @JsonProperty("enum") @JsonDeserialize(contentUsing = AnyString.Deserializer.class)
        List<String> enumValues,

        @JsonInclude(JsonInclude.Include.NON_NULL) @JsonDeserialize(using = AnyString.Deserializer.class) @Nullable
        String description)
        implements ParameterBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public Parameter {
        name = name == null ? "" : name;
        enumValues = Frozen.list(enumValues);
    }
}
