package io.tiphys.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.SecretKeySelector;
import org.jspecify.annotations.Nullable;

/** A blob in Azure Storage. */
@ArgoType
public record AzureArtifact(
        String endpoint,
        String container,
        @Nullable SecretKeySelector accountKeySecret,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean useSDKCreds,
        String blob)
        implements AzureArtifactBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public AzureArtifact {
        endpoint = endpoint == null ? "" : endpoint;
        container = container == null ? "" : container;
        blob = blob == null ? "" : blob;
    }
}
