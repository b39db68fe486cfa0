package io.tiphys.local.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.tiphys.local.apiserver.ApiServer;
import io.tiphys.local.apiserver.ApiServerConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine that stands for several nodes. */
class SeveralNodesTest {
    private static final Duration LONG = Duration.ofSeconds(40);

    @TempDir
    private Path home = Path.of("");

    private ApiServer api;
    private KubernetesClient client;
    private Node machine;

    @BeforeEach
    void start() throws IOException {
        api = ApiServer.start(ApiServerConfig.inMemory());
        client = new KubernetesClientBuilder()
                .withConfig(NodeConfig.in(home, api.url()).kubernetes())
                .build();
        machine = machine(2);
    }

    private Node machine(int nodes) throws IOException {
        return Node.start(NodeConfig.in(home.resolve("node"), api.url()).withNodes(nodes));
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        machine.close();
        api.close();
    }

    private void run(String name, Map<String, String> selector, String command) {
        client.resource(new PodBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace("default")
                        .endMetadata()
                        .withNewSpec()
                        .withRestartPolicy("Never")
                        .withTerminationGracePeriodSeconds(0L)
                        .withNodeSelector(selector)
                        .addNewContainer()
                        .withName("main")
                        .withImage("busybox")
                        .withCommand("sh", "-c", command)
                        .addNewEnv()
                        .withName("NODE")
                        .withNewValueFrom()
                        .withNewFieldRef()
                        .withFieldPath("spec.nodeName")
                        .endFieldRef()
                        .endValueFrom()
                        .endEnv()
                        .endContainer()
                        .endSpec()
                        .build())
                .create();
    }

    private Pod until(String name, Predicate<Pod> condition) {
        return await().atMost(LONG)
                .pollInterval(Duration.ofMillis(50))
                .until(
                        () -> client.pods()
                                .inNamespace("default")
                                .withName(name)
                                .get(),
                        pod -> pod != null && condition.test(pod));
    }

    private static boolean isOver(Pod pod) {
        return pod.getStatus().getPhase().equals("Succeeded");
    }

    private static boolean runs(Pod pod) {
        return pod.getStatus().getPhase().equals("Running");
    }

    private static boolean isUnschedulable(Pod pod) {
        return pod.getStatus().getConditions().stream().anyMatch(each -> "Unschedulable".equals(each.getReason()));
    }

    private static Map<String, String> host(String name) {
        return Map.of("kubernetes.io/hostname", name);
    }

    private List<String> nodes() {
        return client.nodes().list().getItems().stream()
                .map(node -> node.getMetadata().getName())
                .toList();
    }

    @Test
    void podsRunOnTheNodeThatTheyAskFor() {
        assertThat(nodes()).containsExactly("local", "local-2");
        run("second", host("local-2"), "echo $NODE");
        Pod pod = until("second", SeveralNodesTest::isOver);
        assertThat(pod.getSpec().getNodeName()).isEqualTo("local-2");
        assertThat(client.pods().resource(pod).getLog()).isEqualTo("local-2\n");
    }

    @Test
    void whatFitsNowhereWaitsSaysWhyAndRunsOnceItFits() {
        run("picky", Map.of("disk", "ssd"), "true");
        PodCondition condition = until("picky", SeveralNodesTest::isUnschedulable)
                .getStatus()
                .getConditions()
                .getFirst();
        assertThat(condition.getType()).isEqualTo("PodScheduled");
        assertThat(condition.getStatus()).isEqualTo("False");
        assertThat(condition.getMessage())
                .isEqualTo("0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector.");
        client.nodes()
                .withName("local-2")
                .edit(node -> new NodeBuilder(node)
                        .editMetadata()
                        .addToLabels("disk", "ssd")
                        .endMetadata()
                        .build());
        assertThat(until("picky", SeveralNodesTest::isOver).getSpec().getNodeName())
                .isEqualTo("local-2");
    }

    @Test
    void aNodeThatSomebodyMakesIsRunHereAndTakesItsPodsAlong() {
        client.resource(new NodeBuilder()
                        .withNewMetadata()
                        .withName("big")
                        .addToLabels("tiphys.io/machine", "local")
                        .addToLabels("size", "big")
                        .endMetadata()
                        .build())
                .create();
        run("large", Map.of("size", "big"), "sleep 1000");
        assertThat(until("large", SeveralNodesTest::runs).getSpec().getNodeName())
                .isEqualTo("big");
        await().atMost(LONG)
                .until(() -> client.nodes().withName("big").get().getStatus().getNodeInfo() != null);
        client.nodes().withName("big").delete();
        await().atMost(LONG)
                .until(() ->
                        client.pods().inNamespace("default").withName("large").get() == null
                                && machine.runningPods() == 0);
    }

    @Test
    void nodesOfAnEarlierLifeGoAndSoDoTheirPods() throws IOException {
        run("there", host("local-2"), "sleep 1000");
        until("there", SeveralNodesTest::runs);
        machine.close();
        machine = machine(1);
        assertThat(nodes()).containsExactly("local");
        await().atMost(LONG)
                .until(() ->
                        client.pods().inNamespace("default").withName("there").get() == null);
    }
}
