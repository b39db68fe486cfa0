package io.tiphys.controller.locks;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.tiphys.controller.kube.ApiCalls;
import io.tiphys.controller.kube.ApiFailure;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits of semaphores, from ConfigMaps that are watched as long as a semaphore of theirs is in use. Where Argo keeps a
 * limit in its database ({@code database: {key: …}}), ours is in the ConfigMap {@value #DATABASE} of the lock's namespace.
 */
final class SemaphoreLimits implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SemaphoreLimits.class);
    private static final Duration PAUSE = Duration.ofSeconds(2);

    /** Name of the ConfigMap with the limits of semaphores of the kind {@code database}. */
    static final String DATABASE = "workflow-sync-limits";

    private record Source(String namespace, String name) {}

    /** What is known of a ConfigMap; {@code data} is null as long as nothing is, and empty if it isn't there. */
    private static final class Watched {
        @Nullable
        Map<String, String> data;

        @Nullable
        SharedIndexInformer<ConfigMap> informer;

        boolean closed;
    }

    private final KubernetesClient client;
    private final ApiCalls calls;
    private final ExecutorService threads;
    private final Map<Source, Watched> sources = new HashMap<>();
    private volatile Runnable changed = () -> {};

    SemaphoreLimits(KubernetesClient client, ApiCalls calls, ExecutorService threads) {
        this.client = client;
        this.calls = calls;
        this.threads = threads;
    }

    /** Is run when something became known or changed, on any thread. */
    void onChange(Runnable action) {
        changed = action;
    }

    /** The limit of a semaphore: empty if there is none that makes sense; null if it isn't known yet, but will be. */
    synchronized @Nullable OptionalInt limit(String lock) {
        Source source = source(lock);
        Watched watched = sources.get(source);
        if (watched == null) {
            Watched begun = new Watched();
            sources.put(source, begun);
            threads.execute(() -> begin(source, begun));
            return null;
        }
        return watched.data == null ? null : parse(watched.data.get(key(lock)));
    }

    /** Ends the watches of ConfigMaps that no lock of these needs. */
    synchronized void retain(Collection<String> locks) {
        Set<Source> needed = locks.stream().map(SemaphoreLimits::source).collect(Collectors.toSet());
        sources.entrySet().removeIf(entry -> {
            boolean over = !needed.contains(entry.getKey());
            if (over) {
                end(entry.getValue());
            }
            return over;
        });
    }

    @Override
    public synchronized void close() {
        sources.values().forEach(SemaphoreLimits::end);
        sources.clear();
    }

    private static void end(Watched watched) {
        watched.closed = true;
        if (watched.informer != null) {
            watched.informer.stop();
        }
    }

    private void begin(Source source, Watched watched) {
        try {
            ConfigMap found = read(source);
            update(watched, found);
            watch(source, watched);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable ConfigMap read(Source source) throws InterruptedException {
        while (true) {
            try {
                return calls.call(
                        "get configmap",
                        () -> client.configMaps()
                                .inNamespace(source.namespace())
                                .withName(source.name())
                                .get());
            } catch (KubernetesClientException e) {
                if (ApiFailure.of(e) != ApiFailure.TRANSIENT) {
                    LOG.warn(
                            "ConfigMap {}/{} with limits of semaphores can't be read: {}",
                            source.namespace(),
                            source.name(),
                            ApiFailure.reason(e));
                    return null;
                }
                Thread.sleep(PAUSE);
            }
        }
    }

    private void watch(Source source, Watched watched) {
        SharedIndexInformer<ConfigMap> informer = client.configMaps()
                .inNamespace(source.namespace())
                .withField("metadata.name", source.name())
                .runnableInformer(0);
        informer.addEventHandler(new ResourceEventHandler<ConfigMap>() {
            @Override
            public void onAdd(ConfigMap map) {
                update(watched, map);
            }

            @Override
            public void onUpdate(ConfigMap before, ConfigMap map) {
                update(watched, map);
            }

            @Override
            public void onDelete(ConfigMap map, boolean isFinalStateUnknown) {
                update(watched, null);
            }
        });
        informer.exceptionHandler((isStarted, failure) -> {
            LOG.warn(
                    "ConfigMap {}/{} can't be watched, to be tried again: {}",
                    source.namespace(),
                    source.name(),
                    failure.toString());
            return true;
        });
        synchronized (this) {
            if (watched.closed) {
                return;
            }
            watched.informer = informer;
        }
        informer.start();
    }

    private void update(Watched watched, @Nullable ConfigMap map) {
        synchronized (this) {
            watched.data = map == null || map.getData() == null ? Map.of() : Map.copyOf(map.getData());
        }
        changed.run();
    }

    private static Source source(String lock) {
        String[] parts = lock.split("/", 4);
        return parts[1].equals("ConfigMap") ? new Source(parts[0], parts[2]) : new Source(parts[0], DATABASE);
    }

    private static String key(String lock) {
        String[] parts = lock.split("/", 4);
        return parts[1].equals("ConfigMap") ? parts[3] : lock.split("/", 3)[2];
    }

    private static OptionalInt parse(@Nullable String text) {
        if (text == null) {
            return OptionalInt.empty();
        }
        try {
            return OptionalInt.of(Integer.parseInt(text));
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }
}
