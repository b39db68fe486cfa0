package io.tiphys.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.SecretKeySelector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A Git repository, checked out. */
@ArgoType
public record GitArtifact(
        String repo,
        @Nullable String revision,
        @Nullable Long depth,
        List<String> fetch,
        @Nullable SecretKeySelector usernameSecret,
        @Nullable SecretKeySelector passwordSecret,
        @Nullable SecretKeySelector sshPrivateKeySecret,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean insecureIgnoreHostKey,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean disableSubmodules,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean singleBranch,
        @Nullable String branch,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean insecureSkipTLS)
        implements GitArtifactBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public GitArtifact {
        repo = repo == null ? "" : repo;
        fetch = Frozen.list(fetch);
    }
}
