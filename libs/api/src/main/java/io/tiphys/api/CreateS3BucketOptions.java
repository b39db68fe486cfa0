package io.tiphys.api;

import com.fasterxml.jackson.annotation.JsonInclude;

/** How to create a bucket that doesn't exist. */
@ArgoType
public record CreateS3BucketOptions(
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean objectLocking)
        implements CreateS3BucketOptionsBuilder.With {}
