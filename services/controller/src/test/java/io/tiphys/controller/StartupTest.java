package io.tiphys.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceSubresources;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceSubresourcesBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.tiphys.controller.config.ControllerConfig;
import io.tiphys.controller.metrics.MetricBoard;
import io.tiphys.local.apiserver.ApiServer;
import io.tiphys.local.apiserver.ApiServerConfig;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a controller waits for before it starts. */
class StartupTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String NO_KAFKA = "127.0.0.1:1";

    @Test
    void aKindWhoseStatusCouldNotBeWrittenIsWaitedForAndNamed() throws IOException {
        try (ApiServer apiServer = ApiServer.start(ApiServerConfig.inMemory());
                KubernetesClient client = new KubernetesClientBuilder()
                        .withConfig(new ConfigBuilder(Config.empty())
                                .withMasterUrl(apiServer.url())
                                .build())
                        .build()) {
            subresources(
                    client,
                    new CustomResourceSubresourcesBuilder()
                            .withNewStatus()
                            .endStatus()
                            .build());
            ControllerConfig config = new SmallRyeConfigBuilder()
                    .withMapping(ControllerConfig.class)
                    .withConverter(Duration.class, 200, new DurationConverter())
                    .build()
                    .getConfigMapping(ControllerConfig.class);
            Startup startup = new Startup(client, new SimpleMeterRegistry(), new MetricBoard(), config, () -> NO_KAFKA);

            startup.begin(new StartupEvent());
            try {
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(startup.waitingFor().orElseThrow())
                                .contains("the CRD workflows.argoproj.io of this cluster has the status subresource")
                                .contains("kubectl apply -k k8s/base/crds"));

                subresources(client, null);

                await().atMost(PATIENCE)
                        .until(() -> startup.waitingFor().orElseThrow().startsWith("Kafka at " + NO_KAFKA));
            } finally {
                startup.end(new ShutdownEvent());
            }
        }
    }

    private static void subresources(KubernetesClient client, @Nullable CustomResourceSubresources subresources) {
        client.apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName("workflows.argoproj.io")
                .edit(definition -> new CustomResourceDefinitionBuilder(definition)
                        .editSpec()
                        .editFirstVersion()
                        .withSubresources(subresources)
                        .endVersion()
                        .endSpec()
                        .build());
    }
}
