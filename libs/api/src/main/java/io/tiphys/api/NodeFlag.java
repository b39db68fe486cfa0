package io.tiphys.api;

import com.fasterxml.jackson.annotation.JsonInclude;

/** Marks nodes that are hooks or attempts of a retry. */
@ArgoType
public record NodeFlag(
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean hooked,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean retried)
        implements NodeFlagBuilder.With {}
