package io.tiphys.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The ConfigMap (and key in it) that holds the artifact repository. */
@ArgoType
public record ArtifactRepositoryRef(
        @Nullable String configMap, @Nullable String key) implements ArtifactRepositoryRefBuilder.With {
    private static final String DEFAULT_CONFIG_MAP = "artifact-repositories";
    private static final String DEFAULT_KEY_ANNOTATION = "workflows.argoproj.io/default-artifact-repository";

    /** The ConfigMap to look into; that of the namespace where nobody names another. */
    public static String configMapOf(@Nullable ArtifactRepositoryRef wanted) {
        return wanted == null || wanted.configMap() == null ? DEFAULT_CONFIG_MAP : wanted.configMap();
    }

    /**
     * The key in the ConfigMap's data.
     *
     * @param annotations of the ConfigMap, which may name a default
     * @return null if neither the reference nor the annotations name one
     */
    public static @Nullable String keyOf(
            @Nullable ArtifactRepositoryRef wanted, @Nullable Map<String, String> annotations) {
        if (wanted != null && wanted.key() != null) {
            return wanted.key();
        }
        return annotations == null ? null : annotations.get(DEFAULT_KEY_ANNOTATION);
    }
}
