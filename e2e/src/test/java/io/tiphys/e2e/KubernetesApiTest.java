package io.tiphys.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A Workflow that is created in the Kubernetes API, as kubectl does it, runs like one that was submitted. */
@ExtendWith(RunningSystem.class)
class KubernetesApiTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Tiphys tiphys;

    KubernetesApiTest(Tiphys tiphys) {
        this.tiphys = tiphys;
    }

    @Test
    void aCreatedWorkflowRunsAndItsLogIsRead() throws IOException, InterruptedException {
        JsonNode created = post(Files.readString(Path.of(System.getProperty("tiphys.root"), "examples/hello.yaml")));
        String name = created.at("/metadata/name").asText();

        assertThat(tiphys.run("wait", name).exit()).isZero();
        assertThat(tiphys.ok("logs", name).out()).contains("hello from Tiphys");
    }

    @Test
    void kubectlDoesTheSame() {
        // kubectl isn't part of what we need; where it is there, it must work.
        if (Tiphys.execute(List.of("sh", "-c", "command -v kubectl"), tiphys.home())
                        .exit()
                != 0) {
            return;
        }
        String kubeconfig = tiphys.home().resolve("kubeconfig").toString();
        CommandResult created = Tiphys.execute(
                List.of("kubectl", "--kubeconfig", kubeconfig, "create", "-f", "examples/hello.yaml", "-o", "name"),
                tiphys.home());
        assertThat(created.exit()).as("%s", created).isZero();
        String name = Tiphys.nameOf(created);

        assertThat(tiphys.run("wait", name).exit()).isZero();

        CommandResult logs = Tiphys.execute(
                List.of("kubectl", "--kubeconfig", kubeconfig, "logs", name, "-c", "main"), tiphys.home());
        assertThat(logs.out()).as("%s", logs).contains("hello from Tiphys");
        CommandResult listed =
                Tiphys.execute(List.of("kubectl", "--kubeconfig", kubeconfig, "get", "wf", name), tiphys.home());
        assertThat(listed.out()).contains("Succeeded");
        CommandResult deleted =
                Tiphys.execute(List.of("kubectl", "--kubeconfig", kubeconfig, "delete", "wf", name), tiphys.home());
        assertThat(deleted.exit()).as("%s", deleted).isZero();
    }

    private JsonNode post(String yaml) throws IOException, InterruptedException {
        String kubernetes = Tiphys.json(tiphys.run("status", "-o", "json"))
                .at("/urls/kubernetes")
                .asText();
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> response = http.send(
                    HttpRequest.newBuilder(
                                    URI.create(kubernetes + "/apis/argoproj.io/v1alpha1/namespaces/default/workflows"))
                            .header("Content-Type", "application/yaml")
                            .POST(HttpRequest.BodyPublishers.ofString(yaml))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
            return JSON.readTree(response.body());
        }
    }
}
