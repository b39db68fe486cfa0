package io.tiphys.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;

/** How far artifact deletion has come. */
@ArgoType
public record ArtGCStatus(
        Map<String, Boolean> strategiesProcessed,
        Map<String, Boolean> podsRecouped,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean notSpecified)
        implements ArtGCStatusBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public ArtGCStatus {
        strategiesProcessed = Frozen.map(strategiesProcessed);
        podsRecouped = Frozen.map(podsRecouped);
    }
}
