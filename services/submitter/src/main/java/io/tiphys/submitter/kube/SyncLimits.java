package io.tiphys.submitter.kube;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.tiphys.submitter.auth.Access;
import io.tiphys.submitter.rest.ApiException;
import io.tiphys.submitter.rest.ApiException.Code;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The limits of semaphores, which are numbers in ConfigMaps. */
@ApplicationScoped
public class SyncLimits {
    private final Access access;

    public SyncLimits(Access access) {
        this.access = access;
    }

    /** One limit. */
    public record Limit(String namespace, String configMap, String key, int limit) {}

    /** Adds the key, and the ConfigMap where there is none. */
    public Limit create(Limit limit) {
        requirePositive(limit);
        Optional<ConfigMap> present = find(limit.namespace(), limit.configMap());
        if (present.isPresent()) {
            if (data(present.get()).containsKey(limit.key())) {
                throw new ApiException(
                        Code.ALREADY_EXISTS, "sync limit cannot be created as it already exists: " + place(limit));
            }
            return put(limit);
        }
        access.kubernetes()
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withNamespace(limit.namespace())
                        .withName(limit.configMap())
                        .endMetadata()
                        .addToData(limit.key(), Integer.toString(limit.limit()))
                        .build())
                .create();
        return limit;
    }

    public Limit get(String namespace, String configMap, String key) {
        ConfigMap found = require(namespace, configMap);
        String text = data(found).get(key);
        if (text == null) {
            throw ApiException.notFound("key " + key + " not found in configmap " + namespace + "/" + configMap);
        }
        try {
            return new Limit(namespace, configMap, key, Integer.parseInt(text.strip()));
        } catch (NumberFormatException e) {
            throw ApiException.invalid(
                    "invalid limit format for key " + key + " in configmap " + namespace + "/" + configMap);
        }
    }

    /** Changes a limit that there is. */
    public Limit update(Limit limit) {
        requirePositive(limit);
        if (!data(require(limit.namespace(), limit.configMap())).containsKey(limit.key())) {
            throw ApiException.notFound("sync limit not found: " + place(limit));
        }
        return put(limit);
    }

    public void delete(String namespace, String configMap, String key) {
        require(namespace, configMap);
        edit(namespace, configMap, data -> data.remove(key));
    }

    private Limit put(Limit limit) {
        edit(limit.namespace(), limit.configMap(), data -> data.put(limit.key(), Integer.toString(limit.limit())));
        return limit;
    }

    private void edit(String namespace, String configMap, Consumer<Map<String, String>> change) {
        access.kubernetes()
                .configMaps()
                .inNamespace(namespace)
                .withName(configMap)
                .edit(found -> {
                    Map<String, String> data = new LinkedHashMap<>(data(found));
                    change.accept(data);
                    return new ConfigMapBuilder(found).withData(data).build();
                });
    }

    private Optional<ConfigMap> find(String namespace, String name) {
        return Optional.ofNullable(Repeatable.call(() -> access.kubernetes()
                .configMaps()
                .inNamespace(namespace)
                .withName(name)
                .get()));
    }

    private ConfigMap require(String namespace, String name) {
        return find(namespace, name).orElseThrow(() -> ApiException.notFound("configmaps \"" + name + "\" not found"));
    }

    private static Map<String, String> data(ConfigMap map) {
        return map.getData() == null ? Map.of() : map.getData();
    }

    private static void requirePositive(Limit limit) {
        if (limit.limit() <= 0) {
            throw ApiException.invalid("limit must be greater than zero");
        }
    }

    private static String place(Limit limit) {
        return "key " + limit.key() + " of configmap " + limit.namespace() + "/" + limit.configMap();
    }
}
