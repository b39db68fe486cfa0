package io.tiphys.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.ConfigMapKeySelector;
import io.fabric8.kubernetes.api.model.SecretKeySelector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A file in HDFS. */
@ArgoType
public record HDFSArtifact(
        @Nullable SecretKeySelector krbCCacheSecret,
        @Nullable SecretKeySelector krbKeytabSecret,
        @Nullable String krbUsername,
        @Nullable String krbRealm,
        @Nullable ConfigMapKeySelector krbConfigConfigMap,
        @Nullable String krbServicePrincipalName,
        List<String> addresses,
        @Nullable String hdfsUser,
        @Nullable String dataTransferProtection,
        String path,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean force)
        implements HDFSArtifactBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public HDFSArtifact {
        addresses = Frozen.list(addresses);
        path = path == null ? "" : path;
    }
}
