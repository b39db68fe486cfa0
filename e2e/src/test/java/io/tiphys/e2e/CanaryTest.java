package io.tiphys.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
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
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * One secret in every credential that a workflow can name, at places that refuse it: it shows up in no pod, event, custom resource, answer,
 * log, Kafka record or file of a pod. The same for the key of the system's own store, with which artifacts do travel.
 */
@ExtendWith(RunningSystem.class)
class CanaryTest {
    private static final String CANARY = "canary0123456789canaryABCDEFcanary";
    private static final List<String> OBJECTS = List.of(
            "/api/v1/namespaces/canary/pods",
            "/api/v1/namespaces/canary/events",
            "/api/v1/namespaces/canary/configmaps",
            "/apis/argoproj.io/v1alpha1/namespaces/canary/workflows",
            "/apis/argoproj.io/v1alpha1/namespaces/canary/workflowtasksets",
            "/apis/argoproj.io/v1alpha1/namespaces/canary/workflowtaskresults");

    private final Tiphys tiphys;
    private final JsonNode urls;

    CanaryTest(Tiphys tiphys) {
        this.tiphys = tiphys;
        this.urls = Tiphys.json(tiphys.run("status", "-o", "json")).path("urls");
    }

    @Test
    void nobodyGetsToSeeASecret() throws Exception {
        String kubernetes = urls.path("kubernetes").asText();
        post(kubernetes + "/api/v1/namespaces", "{apiVersion: v1, kind: Namespace, metadata: {name: canary}}");
        post(
                kubernetes + "/api/v1/namespaces/canary/secrets",
                "{apiVersion: v1, kind: Secret, metadata: {name: canary}, stringData: {id: canary, secret: " + CANARY
                        + "}}");
        post(kubernetes + "/api/v1/namespaces/canary/configmaps", """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: repositories}
                data:
                  mine: |
                    oss: {endpoint: "%s", bucket: tiphys, accessKeySecret: {name: canary, key: id}, secretKeySecret: {name: canary, key: secret}}
                """.formatted(
                        urls.path("oss").asText()));

        String name = submit(refused());
        String own = submit(stored());

        String error = get("/api/v1/workflows/canary/" + name);
        assertThat(error).contains("cannot save output artifact").contains("failed to stage input artifact");
        assertThat(get("/api/v1/workflows/canary/" + own)).contains("\"phase\":\"Succeeded\"");
        Map<String, String> seen = new LinkedHashMap<>();
        for (String objects : OBJECTS) {
            seen.put(objects, read(kubernetes + objects));
        }
        for (String workflow : List.of(name, own)) {
            seen.put(workflow, get("/api/v1/workflows/canary/" + workflow));
            seen.put(
                    "log of " + workflow,
                    get("/api/v1/workflows/canary/" + workflow + "/log?logOptions.container=main"));
        }
        seen.put("archive", get("/api/v1/archived-workflows?listOptions.fieldSelector=metadata.namespace=canary"));
        seen.put("rules", get("/artifact-rules/canary"));
        seen.put("input", get("/input-artifacts/canary/" + name + "/" + name + "/none"));
        seen.putAll(KafkaRecords.byTopic(urls.path("kafka").asText()));
        assertThat(seen.get(OBJECTS.getFirst())).as("pods were looked at").contains(name);
        assertThat(seen.get("tiphys.node-changes"))
                .as("records were looked at")
                .contains(name)
                .contains(own);

        String ofStore = new ObjectMapper()
                .readTree(tiphys.home().resolve("settings.json").toFile())
                .at("/secrets/oss")
                .asText();
        List<String> forms = List.of(
                CANARY,
                Base64.getEncoder().encodeToString(CANARY.getBytes(UTF_8)),
                Base64.getEncoder().encodeToString(("canary:" + CANARY).getBytes(UTF_8)),
                ofStore);
        assertThat(forms).allMatch(form -> form.length() > 15);
        for (String form : forms) {
            seen.forEach(
                    (where, text) -> assertThat(text.contains(form)).as(where).isFalse());
            assertThat(filesWith(form)).isEmpty();
        }
    }

    /** The system's own files: logs, and what lies on the node. */
    private List<Path> filesWith(String text) throws IOException {
        List<Path> found = new ArrayList<>();
        for (String directory : List.of("logs", "node")) {
            try (Stream<Path> files = Files.walk(tiphys.home().resolve(directory))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    if (new String(Files.readAllBytes(file), ISO_8859_1).contains(text)) {
                        found.add(file);
                    }
                }
            }
        }
        return found;
    }

    private String submit(String workflow) throws IOException {
        Path file = Files.createTempFile("canary", ".yaml");
        try {
            Files.writeString(file, workflow);
            CommandResult waited = tiphys.run("submit", "-n", "canary", "--wait", "-o", "name", file.toString());
            assertThat(waited.exit()).as("%s", waited).isLessThan(2);
            return Tiphys.nameOf(waited);
        } finally {
            Files.delete(file);
        }
    }

    private String refused() {
        String store = urls.path("oss").asText();
        String pair = "{name: canary, key: id}, %s: {name: canary, key: secret}";
        String keys = "accessKeySecret: " + pair.formatted("secretKeySecret");
        String basic = "usernameSecret: " + pair.formatted("passwordSecret");
        return """
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {generateName: canary-}
                spec:
                  entrypoint: main
                  artifactRepositoryRef: {configMap: repositories, key: mine}
                  templates:
                  - name: main
                    dag:
                      failFast: false
                      tasks:
                      - {name: repository, template: repository}
                      - {name: oss, template: oss}
                      - {name: s3, template: s3}
                      - {name: git, template: git}
                      - {name: web, template: web}
                      - {name: request, template: request}
                  - name: repository
                    container: {image: alpine, command: [sh, -c, "echo hi > /tmp/o"]}
                    outputs: {artifacts: [{name: o, path: /tmp/o}]}
                  - name: oss
                    container: {image: alpine, command: [sh, -c, "echo hi > /tmp/o"]}
                    outputs: {artifacts: [{name: o, path: /tmp/o, oss: {endpoint: "%1$s", bucket: tiphys, key: canary, %2$s}}]}
                  - name: s3
                    container: {image: alpine, command: [sh, -c, "echo hi > /tmp/o"]}
                    outputs: {artifacts: [{name: o, path: /tmp/o, s3: {endpoint: "%3$s", insecure: true, bucket: tiphys, key: canary, %2$s}}]}
                  - name: git
                    inputs: {artifacts: [{name: i, path: /tmp/i, git: {repo: "%1$s/tiphys/no.git", %4$s}}]}
                    container: {image: alpine, command: ["true"]}
                  - name: web
                    inputs: {artifacts: [{name: i, path: /tmp/i, http: {url: "%1$s/tiphys/no", auth: {basicAuth: {%4$s}}}}]}
                    container: {image: alpine, command: ["true"]}
                  - name: request
                    http:
                      url: "%1$s/tiphys/no"
                      headers: [{name: Authorization, valueFrom: {secretKeyRef: {name: canary, key: secret}}}]
                """.formatted(store, keys, store.replaceFirst("^https?://", ""), basic);
    }

    private static String stored() {
        return """
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {generateName: stored-}
                spec:
                  entrypoint: main
                  templates:
                  - name: main
                    container: {image: alpine, command: [sh, -c, "echo hi > /tmp/o"]}
                    outputs: {artifacts: [{name: o, path: /tmp/o}]}
                """;
    }

    private String get(String path) throws IOException, InterruptedException {
        return read(urls.path("api").asText() + path);
    }

    private static String read(String url) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(url)).build()).body();
    }

    private static void post(String url, String yaml) throws IOException, InterruptedException {
        HttpResponse<String> response = send(HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/yaml")
                .POST(HttpRequest.BodyPublishers.ofString(yaml))
                .build());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    }

    private static HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }
}
