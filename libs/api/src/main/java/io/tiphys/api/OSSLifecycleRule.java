package io.tiphys.api;

import com.fasterxml.jackson.annotation.JsonInclude;

/** Days until objects of the bucket change their storage class or go away. */
@ArgoType
public record OSSLifecycleRule(
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) int markInfrequentAccessAfterDays,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) int markDeletionAfterDays)
        implements OSSLifecycleRuleBuilder.With {}
