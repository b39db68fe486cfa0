package io.tiphys.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/** The artifact repository as it was found when the workflow started. */
@ArgoType
public record ArtifactRepositoryRefStatus(
        @Nullable String configMap,
        @Nullable String key,
        @Nullable String namespace,

        @JsonProperty("default") @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        boolean isDefault,

        @Nullable ArtifactRepository artifactRepository)
        implements ArtifactRepositoryRefStatusBuilder.With {}
