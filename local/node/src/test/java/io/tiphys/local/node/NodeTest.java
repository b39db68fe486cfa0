package io.tiphys.local.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.tiphys.local.apiserver.ApiServer;
import io.tiphys.local.apiserver.ApiServerConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What pods do on a node, seen through the API as a user sees it. */
class NodeTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    Path home;

    private ApiServer api;
    private KubernetesClient client;
    private NodeConfig config;
    private Node node;

    @BeforeEach
    void start() throws IOException {
        api = ApiServer.start(ApiServerConfig.inMemory());
        config = NodeConfig.in(home.resolve("node"), api.url().toString()).withCrashBackoff(Duration.ofMillis(50));
        node = Node.start(config);
        client = new KubernetesClientBuilder().withConfig(config.kubernetes()).build();
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        node.close();
        api.close();
    }

    private Pod create(String yaml) {
        return client.pods()
                .inNamespace("default")
                .load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
                .create();
    }

    private Pod get(String name) {
        return client.pods().inNamespace("default").withName(name).get();
    }

    private Pod until(String name, Predicate<Pod> condition) {
        return await().atMost(LONG)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> get(name), pod -> pod != null && condition.test(pod));
    }

    private static boolean isOver(Pod pod) {
        return "Succeeded".equals(pod.getStatus().getPhase())
                || "Failed".equals(pod.getStatus().getPhase());
    }

    private static ContainerStatus container(Pod pod, String name) {
        return pod.getStatus().getContainerStatuses().stream()
                .filter(status -> status.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static ContainerStateTerminated main(Pod pod) {
        return container(pod, "main").getState().getTerminated();
    }

    private String log(String pod, String container) {
        return client.pods()
                .inNamespace("default")
                .withName(pod)
                .inContainer(container)
                .getLog();
    }

    @Test
    void runsAHelloPod() {
        create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: hello}
                spec:
                  restartPolicy: Never
                  containers:
                  - name: main
                    image: alpine:latest
                    command: [sh, -c]
                    args: ["echo hello $(WHO); hostname; echo $$ oops >&2"]
                    env: [{name: WHO, value: world}]
                """);
        Pod pod = until("hello", NodeTest::isOver);
        assertThat(pod.getStatus().getPhase()).isEqualTo("Succeeded");
        assertThat(main(pod).getReason()).isEqualTo("Completed");
        assertThat(pod.getSpec().getNodeName()).isEqualTo("local");
        assertThat(log("hello", "main")).isEqualTo("hello world\nhello\n$ oops\n");
    }

    @Test
    void reportsExitCodeAndTerminationMessage() {
        create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: fails}
                spec:
                  restartPolicy: Never
                  containers:
                  - {name: main, image: alpine, command: [sh, -c, "echo why > /dev/termination-log; exit 3"]}
                """);
        Pod pod = until("fails", NodeTest::isOver);
        assertThat(pod.getStatus().getPhase()).isEqualTo("Failed");
        assertThat(main(pod).getExitCode()).isEqualTo(3);
        assertThat(main(pod).getReason()).isEqualTo("Error");
        assertThat(main(pod).getMessage()).isEqualTo("why\n");
    }
}
