package io.tiphys.local.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.tiphys.local.apiserver.ApiServer;
import io.tiphys.local.apiserver.ApiServerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Argo's controller ConfigMap on its way to the services. */
class ArgoConfigMapTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    private Path directory = Path.of("");

    private final AtomicInteger restarts = new AtomicInteger();
    private volatile boolean startsAgain = true;
    private volatile Meanwhile whileRestarting = () -> {};

    private interface Meanwhile {
        void run() throws IOException;
    }

    private ApiServer api;
    private KubernetesClient client;

    @BeforeEach
    void start() throws IOException {
        api = ApiServer.start(ApiServerConfig.inMemory());
        client = LocalClients.to(api.url().toString());
    }

    @AfterEach
    void stop() {
        client.close();
        api.close();
    }

    private ArgoConfigMap follow() {
        return ArgoConfigMap.follow(LocalClients.to(api.url().toString()), folder(), () -> {
            boolean succeeds = startsAgain;
            restarts.incrementAndGet();
            try {
                whileRestarting.run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return succeeds;
        });
    }

    private Path folder() {
        return directory.resolve("argo-config");
    }

    private void put(Map<String, String> data) {
        ConfigMap map = new ConfigMapBuilder()
                .withNewMetadata()
                .withName(ArgoConfigMap.NAME)
                .withNamespace(ArgoConfigMap.NAMESPACE)
                .endMetadata()
                .withData(data)
                .build();
        client.resource(map).createOr(existing -> existing.update());
    }

    private String annotation(String name) {
        ConfigMap map = client.configMaps()
                .inNamespace(ArgoConfigMap.NAMESPACE)
                .withName(ArgoConfigMap.NAME)
                .get();
        Map<String, String> annotations = map.getMetadata().getAnnotations();
        return annotations == null ? "" : annotations.getOrDefault(name, "");
    }

    private void awaitApplied() {
        await().atMost(LONG).until(() -> annotation(ArgoConfigMap.APPLIED).equals("true"));
    }

    @Test
    void becomesAFolderAndTheServicesStartAgain() throws IOException {
        try (ArgoConfigMap _ = follow()) {
            put(Map.of("parallelism", "3", "instanceID", "a"));
            awaitApplied();
            assertThat(folder().resolve("parallelism")).hasContent("3");
            assertThat(restarts).hasValue(1);

            put(Map.of("parallelism", "4"));
            awaitApplied();
            assertThat(folder().resolve("parallelism")).hasContent("4");
            assertThat(folder().resolve("instanceID")).doesNotExist();
            assertThat(restarts).hasValue(2);

            put(Map.of("parallelism", "4"));
            awaitApplied();
            assertThat(restarts).as("for what they run by already").hasValue(2);

            client.configMaps()
                    .inNamespace(ArgoConfigMap.NAMESPACE)
                    .withName(ArgoConfigMap.NAME)
                    .delete();
            await().atMost(LONG).until(() -> restarts.get() == 3);
            assertThat(folder()).isEmptyDirectory();
        }
    }

    @Test
    void whatWasThereAtTheStartIsTakenUpIfItIsNew() throws IOException {
        put(Map.of("parallelism", "3"));
        Files.createDirectories(folder());
        Files.writeString(folder().resolve("parallelism"), "3");
        try (ArgoConfigMap _ = follow()) {
            awaitApplied();
            assertThat(restarts).hasValue(0);
        }
    }

    @Test
    void nonsenseIsLeftOutAndSaid() {
        try (ArgoConfigMap _ = follow()) {
            put(Map.of("parallelism", "3"));
            awaitApplied();
            put(Map.of("workflowDefaults", "{"));
            await().atMost(LONG).until(() -> annotation(ArgoConfigMap.REFUSED).contains("workflowDefaults"));
            assertThat(annotation(ArgoConfigMap.APPLIED)).isEmpty();
            assertThat(folder().resolve("parallelism")).hasContent("3");
            assertThat(restarts).hasValue(1);
        }
    }

    @Test
    void whatTheServicesDontStartWithIsTakenBack() {
        try (ArgoConfigMap _ = follow()) {
            put(Map.of("parallelism", "3"));
            awaitApplied();
            startsAgain = false;
            put(Map.of("parallelism", "many"));
            await().atMost(LONG).until(() -> annotation(ArgoConfigMap.REFUSED).contains("don't start"));
            assertThat(folder().resolve("parallelism")).hasContent("3");
            assertThat(restarts).as("with it, and without").hasValue(3);
        }
    }

    @Test
    void aKeyThatIsNoFilesNameIsRefused() {
        try (ArgoConfigMap _ = follow()) {
            put(Map.of("../parallelism", "3"));
            await().atMost(LONG).until(() -> annotation(ArgoConfigMap.REFUSED).contains("\"../parallelism\""));
            assertThat(directory.resolve("parallelism")).doesNotExist();
            assertThat(restarts).hasValue(0);
        }
    }

    @Test
    void whatCouldNotBeWrittenIsTriedAgainWhole() throws IOException {
        try (ArgoConfigMap _ = follow()) {
            put(Map.of("parallelism", "3"));
            awaitApplied();
            startsAgain = false;
            whileRestarting = () -> {
                Files.delete(folder().resolve("parallelism"));
                Files.delete(folder());
                Files.writeString(folder(), "in the way of what was before");
            };
            put(Map.of("parallelism", "4"));
            await().atMost(LONG).until(() -> annotation(ArgoConfigMap.REFUSED).contains("could not be written"));
            whileRestarting = () -> {};
            startsAgain = true;
            Files.delete(folder());
            put(Map.of("parallelism", "4"));
            awaitApplied();
            assertThat(folder().resolve("parallelism")).hasContent("4");
        }
    }
}
