package io.tiphys.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterClientsTest {
    @TempDir
    private Path directory;

    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            byte[] body =
                    "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\"}}".getBytes(UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void withoutATokenTheKubeconfigIsNotReadForEachRequest() throws IOException {
        Path kubeconfig = kubeconfig("{}");
        try (KubernetesClient plain = client(kubeconfig);
                KubernetesClient quick = ClusterClients.quick(plain)) {
            kubeconfig("{token: later}"); // whoever reads it again finds this
            quick.configMaps().inNamespace("default").withName("a").get();
            assertThat(authorizations).containsExactly("null");
        }
    }

    @Test
    void aTokenIsSent() throws IOException {
        try (KubernetesClient plain = client(kubeconfig("{token: first}"))) {
            KubernetesClient quick = ClusterClients.quick(plain);
            quick.configMaps().inNamespace("default").withName("a").get();
            assertThat(authorizations).containsExactly("Bearer first");
            assertThat(quick).isSameAs(plain);
        }
    }

    private static KubernetesClient client(Path kubeconfig) {
        return new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
                .build();
    }

    private Path kubeconfig(String user) throws IOException {
        return Files.writeString(directory.resolve("kubeconfig"), """
                apiVersion: v1
                kind: Config
                current-context: c
                clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
                users: [{name: u, user: %s}]
                contexts: [{name: c, context: {cluster: c, user: u, namespace: default}}]
                """.formatted(
                        server.getAddress().getPort(), user));
    }
}
