package io.tiphys.controller.cache;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tiphys.controller.kube.ApiCalls;
import io.tiphys.controller.kube.ApiFailure;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes entries that nobody has hit for a while out of caches, and empty caches away: Argo's {@code CACHE_GC_PERIOD}. */
public final class CacheCleaner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CacheCleaner.class);

    private final KubernetesClient client;
    private final ApiCalls calls;
    private final Clock clock;
    private final Duration period;
    private final Duration afterNotHit;
    private final Predicate<String> isOurs;
    private final Thread thread;

    /**
     * A cleaner that does nothing until it is started.
     *
     * @param period zero for never
     * @param isOurs which ConfigMaps, by {@code namespace/name}, this replica looks after
     */
    public CacheCleaner(
            KubernetesClient client,
            ApiCalls calls,
            Clock clock,
            Duration period,
            Duration afterNotHit,
            Predicate<String> isOurs) {
        this.client = client;
        this.calls = calls;
        this.clock = clock;
        this.period = period;
        this.afterNotHit = afterNotHit;
        this.isOurs = isOurs;
        this.thread = Thread.ofVirtual().name("cache-cleaner").unstarted(this::run);
    }

    public void start() {
        if (!period.isZero()) {
            thread.start();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.sleep(period);
                clean();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Looks at all caches once. */
    void clean() throws InterruptedException {
        List<ConfigMap> caches;
        try {
            caches = calls.call(
                    "list config maps",
                    () -> client.configMaps()
                            .inAnyNamespace()
                            .withLabel(ConfigMapCache.LABEL_TYPE, ConfigMapCache.TYPE_CACHE)
                            .list()
                            .getItems());
        } catch (KubernetesClientException e) {
            LOG.warn("caches can't be listed for cleaning: {}", ApiFailure.reason(e));
            return;
        }
        for (ConfigMap cache : caches) {
            var meta = cache.getMetadata();
            if (isOurs.test(meta.getNamespace() + "/" + meta.getName())) {
                try {
                    clean(cache);
                } catch (JsonProcessingException e) {
                    LOG.warn(
                            "cache {}/{} holds an entry that can't be read and is left alone: {}",
                            meta.getNamespace(),
                            meta.getName(),
                            e.getOriginalMessage());
                } catch (KubernetesClientException e) {
                    LOG.debug("cache {} was not cleaned: {}", meta.getName(), ApiFailure.reason(e)); // next time
                }
            }
        }
    }

    private void clean(ConfigMap cache) throws JsonProcessingException, InterruptedException {
        Instant oldest = clock.instant().minus(afterNotHit);
        Map<String, String> kept = new HashMap<>();
        for (Map.Entry<String, String> entry : ConfigMapCache.data(cache).entrySet()) {
            if (!CacheEntry.parse(entry.getValue()).lastHitAt().isBefore(oldest)) {
                kept.put(entry.getKey(), entry.getValue());
            }
        }
        String version = cache.getMetadata().getResourceVersion();
        if (kept.isEmpty()) {
            calls.call(
                    "delete config map",
                    () -> client.configMaps()
                            .resource(cache)
                            .lockResourceVersion(version)
                            .delete());
        } else if (kept.size() < ConfigMapCache.data(cache).size()) {
            ConfigMap next = new ConfigMapBuilder(cache).withData(kept).build();
            calls.call(
                    "write config map",
                    () -> client.configMaps()
                            .resource(next)
                            .lockResourceVersion(version)
                            .update());
        }
    }
}
