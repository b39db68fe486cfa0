package io.tiphys.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/** A template in a WorkflowTemplate or ClusterWorkflowTemplate. */
@ArgoType
public record TemplateRef(
        @Nullable String name,
        @Nullable String template,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean clusterScope)
        implements TemplateRefBuilder.With {}
