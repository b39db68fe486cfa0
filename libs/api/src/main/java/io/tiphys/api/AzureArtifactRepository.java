package io.tiphys.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.SecretKeySelector;
import org.jspecify.annotations.Nullable;

/** An Azure Blob container for artifacts without a location of their own. */
@ArgoType
public record AzureArtifactRepository(
        String endpoint,
        String container,
        @Nullable SecretKeySelector accountKeySecret,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean useSDKCreds,
        @Nullable String blobNameFormat)
        implements AzureArtifactRepositoryBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public AzureArtifactRepository {
        endpoint = endpoint == null ? "" : endpoint;
        container = container == null ? "" : container;
    }
}
