package io.tiphys.local.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.tiphys.local.apiserver.ApiServer;
import io.tiphys.local.apiserver.ApiServerConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pods listen on addresses of their own, whatever they believe. */
class PodNetworkTest {
    private static final Duration LONG = Duration.ofSeconds(40);

    @TempDir
    static Path home;

    private static ApiServer api;
    private static KubernetesClient client;
    private static Node node;

    @BeforeAll
    static void start() throws IOException {
        api = ApiServer.start(ApiServerConfig.inMemory());
        NodeConfig config = NodeConfig.in(home.resolve("node"), api.url());
        node = Node.start(config);
        client = new KubernetesClientBuilder().withConfig(config.kubernetes()).build();
    }

    @AfterAll
    static void stop() throws IOException {
        client.close();
        node.close();
        api.close();
    }

    private static void create(String name, String containers) {
        String yaml = """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, namespace: default}
                spec:
                  restartPolicy: Never
                  terminationGracePeriodSeconds: 1
                  containers: %s
                """.formatted(name, containers);
        client.pods()
                .load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
                .create();
    }

    private static Pod until(String name, Predicate<Pod> condition) {
        return await().atMost(LONG)
                .pollInterval(Duration.ofMillis(50))
                .until(
                        () -> client.pods()
                                .inNamespace("default")
                                .withName(name)
                                .get(),
                        pod -> pod != null && condition.test(pod));
    }

    private static boolean isReady(Pod pod) {
        return pod.getStatus().getConditions().stream()
                .anyMatch(each ->
                        each.getType().equals("Ready") && each.getStatus().equals("True"));
    }

    private static boolean isOver(Pod pod) {
        return Set.of("Succeeded", "Failed").contains(pod.getStatus().getPhase());
    }

    private static String get(String url) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    private static String log(String pod, String container) {
        return client.pods()
                .inNamespace("default")
                .withName(pod)
                .inContainer(container)
                .getLog();
    }

    @Test
    void serversOfTheSamePortStandSideBySide() throws Exception {
        String probe = "readinessProbe: {httpGet: {path: /, port: 80}, periodSeconds: 1}";
        create("one", "[{name: main, image: 'nginx:1.13', " + probe + "}]");
        create(
                "two",
                "[{name: main, image: nginx, command: [sh, -c, 'echo mine > /usr/share/nginx/html/index.html; exec"
                        + " nginx -g \"daemon off;\"'], " + probe + "}]");
        String one = until("one", PodNetworkTest::isReady).getStatus().getPodIP();
        String two = until("two", PodNetworkTest::isReady).getStatus().getPodIP();
        assertThat(get("http://" + one + "/")).contains("Welcome to nginx!");
        assertThat(get("http://" + two + "/")).isEqualTo("mine\n");
        assertThat(log("one", "main")).contains("\"GET / HTTP/1.1\" 200");
    }

    @Test
    void localhostIsThePodsOwn() {
        String client =
                "{name: main, image: curlimages/curl, command: [sh, -c, 'until curl -s http://%s/ > /tmp/out; do"
                        + " sleep 0.2; done; cat /tmp/out']}";
        String server = "{name: server, image: nginx, command: [sh, -c, 'echo %s > /usr/share/nginx/html/index.html;"
                + " exec nginx -g \"daemon off;\"']}";
        create("left", "[" + client.formatted("127.0.0.1") + ", " + server.formatted("left") + "]");
        create("right", "[" + client.formatted("localhost") + ", " + server.formatted("right") + "]");
        for (String name : List.of("left", "right")) {
            until(
                    name,
                    pod -> pod.getStatus().getContainerStatuses().stream()
                            .anyMatch(each -> each.getName().equals("main")
                                    && each.getState().getTerminated() != null));
            assertThat(log(name, "main")).isEqualTo(name + "\n");
            PodNetworkTest.client.pods().inNamespace("default").withName(name).delete();
        }
    }

    @Test
    void whatThePodHasNotIsTheMachines() {
        create("outward", "[{name: main, image: curlimages/curl, command: [curl, -sf, '" + api.url() + "/version']}]");
        until("outward", PodNetworkTest::isOver);
        assertThat(log("outward", "main")).contains("gitVersion");
    }

    @Test
    void theShellOfCurlsImageIsNoDash() {
        create(
                "shell",
                "[{name: main, image: 'curlimages/curl:latest', command: [sh, -c], args: ['echo both >& /tmp/out; cat /tmp/out']}]");
        until("shell", PodNetworkTest::isOver);
        assertThat(log("shell", "main")).isEqualTo("both\n");
        create("no-command", "[{name: main, image: curlimages/curl, args: ['-sf', '" + api.url() + "/version']}]");
        assertThat(until("no-command", PodNetworkTest::isOver).getStatus().getPhase())
                .isEqualTo("Succeeded");
    }

    @Test
    void netcatsMeetAtTheListenersAddress() {
        create(
                "listener",
                "[{name: main, image: 'alpine:3', command: [sh, -c, 'nc -lk -p 9999 -e /bin/echo here'],"
                        + " readinessProbe: {tcpSocket: {port: 9999}, periodSeconds: 1}}]");
        String address = until("listener", PodNetworkTest::isReady).getStatus().getPodIP();
        create("caller", "[{name: main, image: busybox, command: [sh, -c, 'nc " + address + " 9999 < /dev/null']}]");
        until("caller", PodNetworkTest::isOver);
        assertThat(log("caller", "main")).isEqualTo("here\n");
        create("stranger", "[{name: main, image: busybox, command: [nc, -z, '127.0.0.1', '9999']}]");
        assertThat(until("stranger", PodNetworkTest::isOver).getStatus().getPhase())
                .isEqualTo("Failed");
    }

    @Test
    void addressesComeAgainOnlyAfterAllOthers() {
        PodAddresses addresses = new PodAddresses(1);
        String first = addresses.take();
        addresses.giveBack(first);
        Set<String> later = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            later.add(addresses.take());
        }
        assertThat(later).hasSize(1000).doesNotContain(first).allMatch(each -> each.matches("127\\.[0-9.]+"));
    }
}
