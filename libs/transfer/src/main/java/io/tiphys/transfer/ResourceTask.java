package io.tiphys.transfer;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A resource template (Argo: docs/resource-template.md).
 *
 * @param action {@code get}, {@code create}, {@code apply}, {@code delete}, {@code replace} or {@code patch}
 * @param mergeStrategy of a patch: {@code strategic} (when absent), {@code merge} or {@code json}
 * @param manifest YAML or JSON; absent when it comes from a file or flags say it all
 * @param manifestFile where the manifest's artifact was staged
 * @param successCondition requirements, all of which must hold; absent: none
 * @param failureCondition requirements, none of which may hold; absent: none
 * @param flags as for kubectl
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ResourceTask(
        String action,
        @Nullable String mergeStrategy,
        @Nullable String manifest,
        @Nullable String manifestFile,
        @Nullable String successCondition,
        @Nullable String failureCondition,
        List<String> flags,
        List<ObjectParameter> parameters) {

    public ResourceTask {
        flags = Copies.of(flags);
        parameters = Copies.of(parameters);
    }

    /**
     * An output parameter taken from the object, by one of two languages.
     *
     * @param jsonPath kubectl's, a template with expressions in braces
     * @param defaultValue when there is no object to take it from
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ObjectParameter(
            String name,
            @Nullable String jsonPath,
            @Nullable String jqFilter,
            @Nullable String defaultValue) {}
}
