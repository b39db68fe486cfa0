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

/**
 * The limits of semaphores, which are numbers in ConfigMaps; those that Argo keeps in its database are in the one that the controller reads
 * for them, {@value #OF_DATABASE} of the semaphore's namespace.
 */
@ApplicationScoped
public class SyncLimits {
    private static final String OF_DATABASE = "workflow-sync-limits";

    private final Access access;

    public SyncLimits(Access access) {
        this.access = access;
    }

    /** Which locks a limit is for, in Argo's words. */
    public enum Type {
        /** {@code semaphores: [{configMapKeyRef: …}]}. */
        CONFIGMAP,
        /** {@code semaphores: [{database: …}]}. */
        DATABASE
    }

    /**
     * Where a limit is kept.
     *
     * @param configMap its name; made for those of the type DATABASE, whose callers name none
     */
    public record Place(Type type, String namespace, String configMap, String key) {
        public static Place inDatabase(String namespace, String key) {
            return new Place(Type.DATABASE, namespace, OF_DATABASE, key);
        }

        private ApiException notThere(String words) {
            return ApiException.notFound(
                    type == Type.DATABASE
                            ? "Database sync limit not found in namespace \"" + namespace + "\"."
                            : words);
        }

        private ApiException alreadyThere() {
            return new ApiException(
                    Code.ALREADY_EXISTS,
                    type == Type.DATABASE
                            ? "Database sync limit already exists in namespace \"" + namespace + "\"."
                            : "sync limit cannot be created as it already exists: " + words());
        }

        private String words() {
            return "key " + key + " of configmap " + namespace + "/" + configMap;
        }
    }

    /** One limit. */
    public record Limit(Place place, int limit) {}

    /** Adds the key, and the ConfigMap where there is none. */
    public Limit create(Limit limit) {
        requirePositive(limit);
        Place place = limit.place();
        Optional<ConfigMap> present = find(place);
        if (present.isPresent()) {
            if (data(present.get()).containsKey(place.key())) {
                throw place.alreadyThere();
            }
            return put(limit);
        }
        access.kubernetes()
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withNamespace(place.namespace())
                        .withName(place.configMap())
                        .endMetadata()
                        .addToData(place.key(), Integer.toString(limit.limit()))
                        .build())
                .create();
        return limit;
    }

    public Limit get(Place place) {
        String text = data(require(place)).get(place.key());
        if (text == null) {
            throw place.notThere(
                    "key " + place.key() + " not found in configmap " + place.namespace() + "/" + place.configMap());
        }
        try {
            return new Limit(place, Integer.parseInt(text.strip()));
        } catch (NumberFormatException e) {
            throw ApiException.invalid("invalid limit format for key " + place.key() + " in configmap "
                    + place.namespace() + "/" + place.configMap());
        }
    }

    /** Changes a limit that there is. */
    public Limit update(Limit limit) {
        requirePositive(limit);
        Place place = limit.place();
        if (!data(require(place)).containsKey(place.key())) {
            throw place.notThere("sync limit not found: " + place.words());
        }
        return put(limit);
    }

    public void delete(Place place) {
        require(place);
        edit(place, data -> data.remove(place.key()));
    }

    private Limit put(Limit limit) {
        edit(limit.place(), data -> data.put(limit.place().key(), Integer.toString(limit.limit())));
        return limit;
    }

    private void edit(Place place, Consumer<Map<String, String>> change) {
        access.kubernetes()
                .configMaps()
                .inNamespace(place.namespace())
                .withName(place.configMap())
                .edit(found -> {
                    Map<String, String> data = new LinkedHashMap<>(data(found));
                    change.accept(data);
                    return new ConfigMapBuilder(found).withData(data).build();
                });
    }

    private Optional<ConfigMap> find(Place place) {
        return Optional.ofNullable(Repeatable.call(() -> access.kubernetes()
                .configMaps()
                .inNamespace(place.namespace())
                .withName(place.configMap())
                .get()));
    }

    private ConfigMap require(Place place) {
        return find(place).orElseThrow(() -> place.notThere("configmaps \"" + place.configMap() + "\" not found"));
    }

    private static Map<String, String> data(ConfigMap map) {
        return map.getData() == null ? Map.of() : map.getData();
    }

    private static void requirePositive(Limit limit) {
        if (limit.limit() <= 0) {
            throw ApiException.invalid("limit must be greater than zero");
        }
    }
}
