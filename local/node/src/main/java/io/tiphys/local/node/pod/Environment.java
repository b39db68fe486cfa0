package io.tiphys.local.node.pod;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapEnvSource;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretEnvSource;
import io.tiphys.local.node.image.Image;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A container's variables: the node's, the image's, then {@code envFrom}, then {@code env}, each seeing those before it. */
record Environment(ConfigSource source, DownwardApi downward) {
    private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    Map<String, String> of(
            Container container, Image image, String hostName, boolean isRoot, Map<String, String> ofNode)
            throws ConfigException {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("PATH", PATH);
        all.put("HOSTNAME", hostName);
        all.put("HOME", isRoot ? "/root" : "/");
        all.putAll(ofNode);
        all.putAll(image.environment());
        Map<String, String> own = new LinkedHashMap<>();
        for (EnvFromSource from : container.getEnvFrom()) {
            own.putAll(from(from));
        }
        for (EnvVar variable : container.getEnv()) {
            EnvVarSource from = variable.getValueFrom();
            String value = from == null
                    ? Expansion.expand(variable.getValue() == null ? "" : variable.getValue(), own)
                    : value(from, container);
            if (value != null) {
                own.put(variable.getName(), value);
            }
        }
        all.putAll(own);
        return all;
    }

    private Map<String, String> from(EnvFromSource from) throws ConfigException {
        String prefix = from.getPrefix() == null ? "" : from.getPrefix();
        Map<String, String> values = new LinkedHashMap<>();
        ConfigMapEnvSource map = from.getConfigMapRef();
        if (map != null) {
            ConfigMap found = source.configMap(map.getName());
            require(found, "configmap", map.getName(), map.getOptional());
            if (found != null && found.getData() != null) {
                found.getData().forEach((name, value) -> values.put(prefix + name, value));
            }
        }
        SecretEnvSource secret = from.getSecretRef();
        if (secret != null) {
            Secret found = source.secret(secret.getName());
            require(found, "secret", secret.getName(), secret.getOptional());
            if (found != null && found.getData() != null) {
                found.getData().forEach((name, value) -> values.put(prefix + name, decode(value)));
            }
        }
        return values;
    }

    private @Nullable String value(EnvVarSource from, Container container) throws ConfigException {
        if (from.getFieldRef() != null) {
            return downward.field(from.getFieldRef());
        }
        if (from.getResourceFieldRef() != null) {
            return downward.resource(from.getResourceFieldRef(), container);
        }
        var mapKey = from.getConfigMapKeyRef();
        if (mapKey != null) {
            ConfigMap found = source.configMap(mapKey.getName());
            require(found, "configmap", mapKey.getName(), mapKey.getOptional());
            String value = found == null || found.getData() == null
                    ? null
                    : found.getData().get(mapKey.getKey());
            requireKey(value, "ConfigMap", mapKey.getName(), mapKey.getKey(), mapKey.getOptional());
            return value;
        }
        var secretKey = from.getSecretKeyRef();
        if (secretKey != null) {
            Secret found = source.secret(secretKey.getName());
            require(found, "secret", secretKey.getName(), secretKey.getOptional());
            String value = found == null || found.getData() == null
                    ? null
                    : found.getData().get(secretKey.getKey());
            requireKey(value, "Secret", secretKey.getName(), secretKey.getKey(), secretKey.getOptional());
            return value == null ? null : decode(value);
        }
        return "";
    }

    private void require(@Nullable Object found, String kind, String name, @Nullable Boolean optional)
            throws ConfigException {
        if (found == null && !Boolean.TRUE.equals(optional)) {
            throw new ConfigException("CreateContainerConfigError", kind + " \"" + name + "\" not found");
        }
    }

    private void requireKey(@Nullable String value, String kind, String name, String key, @Nullable Boolean optional)
            throws ConfigException {
        if (value == null && !Boolean.TRUE.equals(optional)) {
            throw new ConfigException(
                    "CreateContainerConfigError",
                    "couldn't find key " + key + " in " + kind + " "
                            + downward.pod().getMetadata().getNamespace() + "/" + name);
        }
    }

    private static String decode(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }
}
