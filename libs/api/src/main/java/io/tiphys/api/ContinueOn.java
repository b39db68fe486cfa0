package io.tiphys.api;

import com.fasterxml.jackson.annotation.JsonInclude;

/** Which outcomes of a step don't fail its parent. */
@ArgoType
public record ContinueOn(
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean error,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean failed)
        implements ContinueOnBuilder.With {}
