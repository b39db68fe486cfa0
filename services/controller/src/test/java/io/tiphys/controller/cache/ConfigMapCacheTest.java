package io.tiphys.controller.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Outputs;
import io.tiphys.controller.kube.AdaptiveLimiter;
import io.tiphys.controller.kube.ApiCalls;
import io.tiphys.local.apiserver.ApiServer;
import io.tiphys.local.apiserver.ApiServerConfig;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConfigMapCacheTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String NAMESPACE = "default";

    private ApiServer server;
    private KubernetesClient client;
    private ApiCalls calls;
    private ConfigMapCache cache;

    @BeforeEach
    void start() throws Exception {
        server = ApiServer.start(ApiServerConfig.inMemory());
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty())
                        .withMasterUrl(server.url())
                        .withNamespace(NAMESPACE)
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
        calls = new ApiCalls(
                new AdaptiveLimiter(1, 16, 16),
                new SimpleMeterRegistry(),
                Duration.ofMillis(1),
                Duration.ofMillis(10),
                3);
        cache = at(NOW);
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void keepsEntriesInArgosForm() throws Exception {
        Outputs outputs = Outputs.NONE.withResult("42");
        assertThat(cache.lookUp(NAMESPACE, "store", "k")).isEqualTo(new MemoCache.Answer.Nothing());

        assertThat(cache.save(NAMESPACE, "store", "k", "wf-1", outputs)).isEmpty();

        ConfigMap map = map("store");
        assertThat(map.getMetadata().getLabels()).containsEntry("workflows.argoproj.io/configmap-type", "Cache");
        assertThat(ApiJson.mapper().readTree(map.getData().get("k")))
                .isEqualTo(ApiJson.mapper().readTree("""
                        {"nodeID": "wf-1", "outputs": {"result": "42"},
                         "creationTimestamp": "2026-01-01T00:00:00Z", "lastHitTimestamp": "2026-01-01T00:00:00Z"}
                        """));
        assertThat(at(NOW.plusSeconds(60)).lookUp(NAMESPACE, "store", "k"))
                .isEqualTo(new MemoCache.Answer.Found(NOW, outputs));
        assertThat(map("store").getData().get("k")).contains("\"lastHitTimestamp\":\"2026-01-01T00:01:00Z\"");
    }

    @Test
    void readsWhatWasWrittenInCapitalLetters() throws Exception {
        ConfigMap old = new ConfigMapBuilder()
                .withNewMetadata()
                .withName("old")
                .withNamespace(NAMESPACE)
                .addToLabels("workflows.argoproj.io/configmap-type", "Cache")
                .endMetadata()
                .addToData("k", "{\"NodeID\": \"wf-1\", \"Outputs\": {\"result\": \"42\"}}")
                .build();
        client.configMaps().resource(old).create();

        assertThat(cache.lookUp(NAMESPACE, "old", "k"))
                .isEqualTo(new MemoCache.Answer.Found(Instant.EPOCH, Outputs.NONE.withResult("42")));
    }

    @Test
    void leavesAConfigMapOfSomebodyElseAlone() throws Exception {
        ConfigMap foreign = new ConfigMapBuilder()
                .withNewMetadata()
                .withName("settings")
                .withNamespace(NAMESPACE)
                .endMetadata()
                .addToData("a", "b")
                .build();
        client.configMaps().resource(foreign).create();

        assertThat(cache.lookUp(NAMESPACE, "settings", "a"))
                .isEqualTo(new MemoCache.Answer.Unusable("memoization configmap doesn't have"
                        + " workflows.argoproj.io/configmap-type label, refusing to use it"));
        assertThat(cache.save(NAMESPACE, "settings", "a", "n", null)).isPresent();
        assertThat(map("settings").getData()).isEqualTo(Map.of("a", "b"));
    }

    @Test
    void saysThatAnEntryIsBrokenOrDoesntFit() throws Exception {
        cache.save(NAMESPACE, "store", "k", "n", null);
        client.configMaps()
                .inNamespace(NAMESPACE)
                .withName("store")
                .edit(map -> new ConfigMapBuilder(map).addToData("k", "{").build());
        assertThat(cache.lookUp(NAMESPACE, "store", "k"))
                .isInstanceOfSatisfying(
                        MemoCache.Answer.Unusable.class,
                        unusable -> assertThat(unusable.message()).startsWith("malformed cache entry"));
        assertThat(cache.save(NAMESPACE, "store", "big", "n", Outputs.NONE.withResult("x".repeat(1024 * 1024))))
                .hasValueSatisfying(problem -> assertThat(problem).contains("store", "1048576"));
    }

    @Test
    void losesNothingWhenManyWriteAtOnce() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> writes = new ArrayList<>();
            IntStream.range(0, 5)
                    .forEach(i -> writes.add(() ->
                            cache.save(NAMESPACE, "store", "k" + i, "n", null).isEmpty()));
            for (var write : threads.invokeAll(writes)) {
                assertThat(write.get()).isTrue();
            }
        }
        assertThat(map("store").getData()).hasSize(5);
    }

    @Test
    void cleansOutWhatNobodyHits() throws Exception {
        at(NOW.minusSeconds(100)).save(NAMESPACE, "store", "old", "n", null);
        cache.save(NAMESPACE, "store", "new", "n", null);
        at(NOW.minusSeconds(100)).save(NAMESPACE, "forgotten", "old", "n", null);
        CacheCleaner cleaner = new CacheCleaner(
                client, calls, Clock.fixed(NOW, ZoneOffset.UTC), Duration.ZERO, Duration.ofSeconds(30), _ -> true);

        cleaner.clean();

        assertThat(map("store").getData()).containsOnlyKeys("new");
        assertThat(client.configMaps()
                        .inNamespace(NAMESPACE)
                        .withName("forgotten")
                        .get())
                .isNull();
    }

    private ConfigMapCache at(Instant now) {
        return new ConfigMapCache(client, calls, Clock.fixed(now, ZoneOffset.UTC));
    }

    private ConfigMap map(String name) {
        return client.configMaps().inNamespace(NAMESPACE).withName(name).require();
    }

    @Test
    void aServerThatIsAwaySaysNothingAboutTheCache() throws Exception {
        server.close();

        assertThat(cache.lookUp(NAMESPACE, "store", "k")).isInstanceOf(MemoCache.Answer.Unavailable.class);
    }
}
