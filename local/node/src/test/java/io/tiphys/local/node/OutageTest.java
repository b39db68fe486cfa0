package io.tiphys.local.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.tiphys.local.apiserver.ApiServer;
import io.tiphys.local.apiserver.ApiServerConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of pods while the API server can't be reached, and afterwards. */
class OutageTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int WAITING = 12;

    @TempDir
    Path home;

    /** Pods end and others wait for their places while nothing can be written: all of it has to be made up for. */
    @ParameterizedTest
    @EnumSource(names = {"REFUSING", "SILENT"})
    void nothingIsLostInAnOutage(FlakyLink.State outage) throws IOException {
        Path doors = Files.createDirectories(home.resolve("doors"));
        try (ApiServer api = ApiServer.start(ApiServerConfig.inMemory());
                FlakyLink link = new FlakyLink(java.net.URI.create(api.url().toString()));
                KubernetesClient client = new KubernetesClientBuilder()
                        .withConfig(NodeConfig.in(home, api.url().toString()).kubernetes())
                        .build();
                Node node = Node.start(config(link))) {
            for (int i = 0; i < 2; i++) {
                create(client, "early-" + i, "touch DOORS/up-" + i + "; until [ -e DOORS/open ]; do sleep 0.05; done");
            }
            await().atMost(LONG)
                    .until(() -> Files.exists(doors.resolve("up-0")) && Files.exists(doors.resolve("up-1")));
            await().atMost(LONG).until(() -> phases(client, "Running") == 2);
            for (int i = 0; i < WAITING; i++) {
                create(client, "late-" + i, "exit 0");
            }
            link.turn(outage);
            Files.createFile(doors.resolve("open"));
            await().pollDelay(Duration.ofSeconds(4)).atMost(LONG).until(() -> true);
            assertThat(phases(client, "Succeeded")).isZero();

            link.turn(FlakyLink.State.GOOD);
            await().atMost(LONG).until(() -> phases(client, "Succeeded") == 2 + WAITING);
            await().atMost(LONG).until(() -> node.runningPods() == 0);
        }
    }

    @Test
    void aBindingThatGotLostIsMadeLater() throws IOException {
        try (ApiServer api = ApiServer.start(ApiServerConfig.inMemory());
                FlakyLink link = new FlakyLink(java.net.URI.create(api.url().toString()));
                KubernetesClient client = new KubernetesClientBuilder()
                        .withConfig(NodeConfig.in(home, api.url().toString()).kubernetes())
                        .build();
                Node node = Node.start(config(link))) {
            Files.createDirectories(home.resolve("doors"));
            link.turn(FlakyLink.State.LOSING_BINDINGS);
            create(client, "unlucky", "exit 0");
            await().atMost(LONG).until(() -> link.lost() > 0);
            link.turn(FlakyLink.State.GOOD);
            await().atMost(LONG).until(() -> phases(client, "Succeeded") == 1);
            await().atMost(LONG).until(() -> node.runningPods() == 0);
        }
    }

    private NodeConfig config(FlakyLink link) {
        NodeConfig config = NodeConfig.in(home.resolve("node"), link.url()).withHidden(home.resolve("node"));
        return config.withMaxPods(2)
                .withKubernetes(new ConfigBuilder(config.kubernetes())
                        .withRequestTimeout(1000)
                        .withConnectionTimeout(1000)
                        .withRequestRetryBackoffLimit(0)
                        .build());
    }

    private static long phases(KubernetesClient client, String phase) {
        return client.pods().inNamespace("default").list().getItems().stream()
                .filter(pod -> phase.equals(pod.getStatus().getPhase()))
                .count();
    }

    private Pod create(KubernetesClient client, String name, String script) {
        String yaml = """
                apiVersion: v1
                kind: Pod
                metadata: {name: NAME}
                spec:
                  restartPolicy: Never
                  volumes: [{name: doors, hostPath: {path: DOORS}}]
                  containers:
                  - name: main
                    image: alpine
                    command: [sh, -c, "SCRIPT"]
                    volumeMounts: [{name: doors, mountPath: DOORS}]
                """.replace("NAME", name)
                .replace("SCRIPT", script)
                .replace("DOORS", home.resolve("doors").toString());
        return client.pods()
                .inNamespace("default")
                .load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
                .create();
    }
}
