package io.tiphys.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.kubernetes.api.model.ConfigMapKeySelector;
import org.jspecify.annotations.Nullable;

/** Where a parameter's value comes from. */
@ArgoType
public record ValueFrom(
        @Nullable String path,
        @Nullable String jsonPath,
        @Nullable String jqFilter,
        @Nullable String event,
        @Nullable String parameter,
        @Nullable SuppliedValueFrom supplied,
        @Nullable ConfigMapKeySelector configMapKeyRef,

        @JsonProperty("default")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @JsonDeserialize(using = AnyString.Deserializer.class)
        @Nullable
        String defaultValue,

        @Nullable String expression)
        implements ValueFromBuilder.With {}
