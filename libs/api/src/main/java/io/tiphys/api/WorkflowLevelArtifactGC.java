package io.tiphys.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/** When a workflow's artifacts are deleted, unless an artifact says otherwise. */
@ArgoType
public record WorkflowLevelArtifactGC(
        @Nullable String strategy,
        @Nullable Metadata podMetadata,
        @Nullable String serviceAccountName,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean forceFinalizerRemoval,
        @Nullable String podSpecPatch)
        implements WorkflowLevelArtifactGCBuilder.With {}
