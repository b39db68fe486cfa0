package io.tiphys.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/** The (cluster) workflow template a workflow is an instance of. */
@ArgoType
public record WorkflowTemplateRef(
        @Nullable String name,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean clusterScope)
        implements WorkflowTemplateRefBuilder.With {}
