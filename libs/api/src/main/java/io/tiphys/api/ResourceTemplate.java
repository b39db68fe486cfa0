package io.tiphys.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An action on a Kubernetes object, and what to wait for. */
@ArgoType
public record ResourceTemplate(
        String action,
        @Nullable String mergeStrategy,
        @Nullable String manifest,
        @Nullable ManifestFrom manifestFrom,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean setOwnerReference,
        @Nullable String successCondition,
        @Nullable String failureCondition,
        List<String> flags)
        implements ResourceTemplateBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public ResourceTemplate {
        action = action == null ? "" : action;
        flags = Frozen.list(flags);
    }
}
