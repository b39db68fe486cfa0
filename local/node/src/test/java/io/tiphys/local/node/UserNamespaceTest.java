package io.tiphys.local.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tiphys.local.apiserver.ApiServer;
import io.tiphys.local.apiserver.ApiServerConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node without root's rights: containers in user namespaces. */
class UserNamespaceTest {
    @TempDir
    Path home;

    @Test
    void runsAPodWithASidecarAndVolumes() throws IOException {
        Assumptions.assumeTrue(userNamespacesAllowed(), "this kernel allows no user namespaces");
        try (ApiServer api = ApiServer.start(ApiServerConfig.inMemory());
                Node _ = Node.start(NodeConfig.in(home, api.url().toString()).inUserNamespaces());
                KubernetesClient client = new KubernetesClientBuilder()
                        .withConfig(NodeConfig.in(home, api.url().toString()).kubernetes())
                        .build()) {
            create(client, """
                    apiVersion: v1
                    kind: Pod
                    metadata: {name: rootless}
                    spec:
                      restartPolicy: Never
                      volumes: [{name: v, emptyDir: {}}]
                      initContainers:
                      - name: helper
                        image: alpine
                        restartPolicy: Always
                        command: [sh, -c, "trap 'exit 0' TERM; while :; do sleep 0.05; done"]
                        volumeMounts: [{name: v, mountPath: /v}]
                        lifecycle: {postStart: {exec: {command: [sh, -c, "echo hook > /v/f"]}}}
                      containers:
                      - name: main
                        image: argoproj/argosay:v2
                        command: [sh, -c, "id -u; cat /v/f; argosay echo said /out/f; cat /out/f; ls /tmp; date > /dev/null"]
                        volumeMounts: [{name: v, mountPath: /v, readOnly: true}]
                    """);
            Pod pod = await().atMost(Duration.ofMinutes(1))
                    .until(
                            () -> client.pods()
                                    .inNamespace("default")
                                    .withName("rootless")
                                    .get(),
                            UserNamespaceTest::isOver);
            assertThat(pod.getStatus().getPhase()).isEqualTo("Succeeded");
            assertThat(client.pods()
                            .inNamespace("default")
                            .withName("rootless")
                            .inContainer("main")
                            .getLog())
                    .isEqualTo("0\nhook\nsaid\n");
        }
    }

    @Test
    void podsListenApartWithoutRootAsWell() throws IOException {
        Assumptions.assumeTrue(userNamespacesAllowed(), "this kernel allows no user namespaces");
        try (ApiServer api = ApiServer.start(ApiServerConfig.inMemory());
                Node _ = Node.start(NodeConfig.in(home, api.url()).inUserNamespaces());
                KubernetesClient client = new KubernetesClientBuilder()
                        .withConfig(NodeConfig.in(home, api.url()).kubernetes())
                        .build()) {
            for (String name : List.of("left", "right")) {
                create(client, """
                        apiVersion: v1
                        kind: Pod
                        metadata: {name: %1$s}
                        spec:
                          restartPolicy: Never
                          terminationGracePeriodSeconds: 1
                          containers:
                          - {name: server, image: alpine, command: [sh, -c, "nc -lk -p 9999 -e /bin/echo %1$s"]}
                          - name: main
                            image: alpine
                            command: [sh, -c, "until nc -z localhost 9999; do sleep 0.1; done; nc localhost 9999 < /dev/null"]
                        """.formatted(name));
            }
            for (String name : List.of("left", "right")) {
                await().atMost(Duration.ofMinutes(1)).until(() -> (name + "\n").equals(log(client, name)));
            }
        }
    }

    private static String log(KubernetesClient client, String pod) {
        try {
            return client.pods()
                    .inNamespace("default")
                    .withName(pod)
                    .inContainer("main")
                    .getLog();
        } catch (KubernetesClientException e) {
            return ""; // not begun
        }
    }

    private static void create(KubernetesClient client, String yaml) {
        client.pods()
                .inNamespace("default")
                .load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
                .create();
    }

    private static boolean isOver(Pod pod) {
        String phase = pod.getStatus().getPhase();
        return "Succeeded".equals(phase) || "Failed".equals(phase);
    }

    private static boolean userNamespacesAllowed() throws IOException {
        Path limit = Path.of("/proc/sys/user/max_user_namespaces");
        return Files.exists(limit) && !Files.readString(limit).strip().equals("0");
    }
}
