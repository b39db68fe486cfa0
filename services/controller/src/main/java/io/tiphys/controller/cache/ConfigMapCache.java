package io.tiphys.controller.cache;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tiphys.api.Outputs;
import io.tiphys.controller.kube.ApiCalls;
import io.tiphys.controller.kube.ApiFailure;
import io.tiphys.engine.definition.ConfigMapArguments;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link MemoCache} in a ConfigMap with the label {@code workflows.argoproj.io/configmap-type=Cache}; one that isn't there is
 * made, one without the label isn't touched. Writes go on top of the version that was read, and are repeated on conflict.
 */
public final class ConfigMapCache implements MemoCache {
    static final String LABEL_TYPE = ConfigMapArguments.LABEL;
    static final String TYPE_CACHE = "Cache";

    private static final Logger LOG = LoggerFactory.getLogger(ConfigMapCache.class);
    private static final int MAX_CONFLICTS = 10;
    private static final int MAX_BYTES = 1024 * 1024;
    private static final Duration HIT_PRECISION = Duration.ofSeconds(5);

    private final KubernetesClient client;
    private final ApiCalls calls;
    private final Clock clock;

    public ConfigMapCache(KubernetesClient client, ApiCalls calls, Clock clock) {
        this.client = client;
        this.calls = calls;
        this.clock = clock;
    }

    @Override
    public Answer lookUp(String namespace, String cache, String key) throws InterruptedException {
        try {
            ConfigMap map = get(namespace, cache);
            String problem = map == null ? null : problem(map);
            if (problem != null) {
                return new Answer.Unusable(problem);
            }
            String json = map == null ? null : data(map).get(key);
            if (map == null || json == null || json.isEmpty()) {
                return new Answer.Nothing();
            }
            CacheEntry entry = CacheEntry.parse(json);
            if (!entry.isHit()) {
                return new Answer.Nothing();
            }
            noteHit(map, key, entry);
            return new Answer.Found(entry.createdAt(), entry.outputs());
        } catch (JsonProcessingException e) {
            return new Answer.Unusable(
                    "malformed cache entry: could not unmarshal JSON; unable to parse: " + e.getOriginalMessage());
        } catch (KubernetesClientException e) {
            if (ApiFailure.of(e) == ApiFailure.TRANSIENT) {
                return new Answer.Unavailable(ApiFailure.reason(e));
            }
            return new Answer.Unusable("ConfigMap \"" + cache + "\" can't be read: " + ApiFailure.reason(e));
        }
    }

    @Override
    public Optional<String> save(String namespace, String cache, String key, String nodeId, @Nullable Outputs outputs)
            throws InterruptedException {
        String entry = CacheEntry.of(nodeId, outputs, clock.instant()).toJson();
        try {
            for (int conflicts = 0; conflicts < MAX_CONFLICTS; conflicts++) {
                ConfigMap map = get(namespace, cache);
                String problem = map == null ? null : problem(map);
                if (problem == null) {
                    problem = tooLarge(cache, map == null ? Map.of() : data(map), key, entry);
                }
                if (problem != null) {
                    return Optional.of(problem);
                }
                if (map == null ? create(namespace, cache, key, entry) : put(map, key, entry)) {
                    return Optional.empty();
                }
            }
            return Optional.of(
                    "ConfigMap \"" + cache + "\" was changed by others " + MAX_CONFLICTS + " times in a row");
        } catch (KubernetesClientException e) {
            return Optional.of("error creating cache entry: " + ApiFailure.reason(e));
        }
    }

    private @Nullable ConfigMap get(String namespace, String name) throws InterruptedException {
        return calls.call(
                "get config map",
                () -> client.configMaps().inNamespace(namespace).withName(name).get());
    }

    private static @Nullable String problem(ConfigMap map) {
        Map<String, String> labels = map.getMetadata().getLabels();
        String type = labels == null ? null : labels.get(LABEL_TYPE);
        if (type == null) {
            return "memoization configmap doesn't have " + LABEL_TYPE + " label, refusing to use it";
        }
        return type.equals(TYPE_CACHE)
                ? null
                : "memoization configmap doesn't have label " + LABEL_TYPE + " = " + TYPE_CACHE
                        + ", refusing to use it";
    }

    private static @Nullable String tooLarge(String cache, Map<String, String> data, String key, String entry) {
        long bytes = size(key) + size(entry);
        for (Map.Entry<String, String> other : data.entrySet()) {
            bytes += other.getKey().equals(key) ? 0 : size(other.getKey()) + size(other.getValue());
        }
        return bytes <= MAX_BYTES
                ? null
                : "error creating cache entry: ConfigMap \"" + cache + "\" would hold " + bytes + " bytes, the most is "
                        + MAX_BYTES + "; use another cache for some of the templates, or set CACHE_GC_PERIOD";
    }

    private static long size(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** False if somebody else was faster. */
    private boolean create(String namespace, String name, String key, String entry) throws InterruptedException {
        ConfigMap map = new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .addToLabels(LABEL_TYPE, TYPE_CACHE)
                .endMetadata()
                .addToData(key, entry)
                .build();
        return unlessOutrun(() -> client.configMaps().resource(map).create());
    }

    private boolean put(ConfigMap map, String key, String entry) throws InterruptedException {
        ConfigMap next = new ConfigMapBuilder(map).addToData(key, entry).build();
        String version = map.getMetadata().getResourceVersion();
        return unlessOutrun(() ->
                client.configMaps().resource(next).lockResourceVersion(version).update());
    }

    private boolean unlessOutrun(java.util.function.Supplier<ConfigMap> write) throws InterruptedException {
        try {
            calls.call("write config map", write);
            return true;
        } catch (KubernetesClientException e) {
            return switch (ApiFailure.of(e)) {
                case CONFLICT, ALREADY_EXISTS, NOT_FOUND -> false;
                case TRANSIENT, QUOTA, PERMANENT -> throw e;
            };
        }
    }

    /** Keeps the entry from being cleaned up; another one's write will do as well. */
    private void noteHit(ConfigMap map, String key, CacheEntry entry) throws InterruptedException {
        Instant now = clock.instant();
        if (Duration.between(entry.lastHitAt(), now).compareTo(HIT_PRECISION) < 0) {
            return;
        }
        try {
            put(map, key, entry.hitAt(now).toJson());
        } catch (KubernetesClientException e) {
            LOG.debug(
                    "hit of {} in {} was not noted: {}", key, map.getMetadata().getName(), ApiFailure.reason(e));
        }
    }

    static Map<String, String> data(ConfigMap map) {
        return map.getData() == null ? new HashMap<>() : map.getData();
    }
}
