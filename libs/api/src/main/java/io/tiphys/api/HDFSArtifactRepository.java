package io.tiphys.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.ConfigMapKeySelector;
import io.fabric8.kubernetes.api.model.SecretKeySelector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An HDFS cluster for artifacts without a location of their own. */
@ArgoType
public record HDFSArtifactRepository(
        @Nullable SecretKeySelector krbCCacheSecret,
        @Nullable SecretKeySelector krbKeytabSecret,
        @Nullable String krbUsername,
        @Nullable String krbRealm,
        @Nullable ConfigMapKeySelector krbConfigConfigMap,
        @Nullable String krbServicePrincipalName,
        List<String> addresses,
        @Nullable String hdfsUser,
        @Nullable String dataTransferProtection,
        @Nullable String pathFormat,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean force)
        implements HDFSArtifactRepositoryBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public HDFSArtifactRepository {
        addresses = Frozen.list(addresses);
    }
}
