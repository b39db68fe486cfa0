package io.tiphys.api;

import io.fabric8.kubernetes.api.model.SecretKeySelector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** OAuth 2 client credentials. */
@ArgoType
public record OAuth2Auth(
        @Nullable SecretKeySelector clientIDSecret,
        @Nullable SecretKeySelector clientSecretSecret,
        @Nullable SecretKeySelector tokenURLSecret,
        List<String> scopes,
        List<OAuth2EndpointParam> endpointParams)
        implements OAuth2AuthBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public OAuth2Auth {
        scopes = Frozen.list(scopes);
        endpointParams = Frozen.list(endpointParams);
    }
}
