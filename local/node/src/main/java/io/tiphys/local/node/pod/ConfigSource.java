package io.tiphys.local.node.pod;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import org.jspecify.annotations.Nullable;

/** The objects of its namespace that a pod may refer to; null when there is none of that name. */
public interface ConfigSource {
    @Nullable
    ConfigMap configMap(String name);

    @Nullable
    Secret secret(String name);

    @Nullable
    PersistentVolumeClaim claim(String name);
}
