package io.tiphys.submitter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.tiphys.artifacts.Credentials;
import io.tiphys.artifacts.Stores;
import io.tiphys.artifacts.oss.OssDriver;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@QuarkusTest
@QuarkusTestResource(Surroundings.class)
@Timeout(60)
class StreamsTest {
    private static final Map<String, String> EVENTS = Map.of("Accept", "text/event-stream");

    @TestHTTPResource("/")
    URI base = URI.create("/");

    @Inject
    KubernetesClient kubernetes;

    @ConfigProperty(name = "test.oss.endpoint")
    String oss = "";

    @ConfigProperty(name = "test.kubelet.port")
    int kubelet;

    private Api api = new Api(base);
    private Cluster cluster = new Cluster(kubernetes);

    @BeforeEach
    void connect() {
        api = new Api(base);
        cluster = new Cluster(kubernetes);
    }

    @Test
    void watchTellsWhatIsThereAndWhatChanges() throws Exception {
        api.create("argo", "{\"name\":\"seen\",\"labels\":{\"suite\":\"watch\"}}");
        String path = "/api/v1/workflow-events/argo?listOptions.labelSelector=suite%3Dwatch"
                + "&fields=result.type,result.object.metadata.name,result.object.status.phase";
        HttpResponse<InputStream> response = api.stream(path, EVENTS);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
        try (BufferedReader lines = lines(response)) {
            assertThat(nextData(lines))
                    .isEqualTo("{\"result\":{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"name\":\"seen\"}}}}");
            api.create("argo", "{\"name\":\"unseen\"}");
            cluster.status("seen", "{\"phase\":\"Running\"}");
            assertThat(nextData(lines)).contains("MODIFIED").contains("\"phase\":\"Running\"");
            api.ok("DELETE", "/api/v1/workflows/argo/seen", "");
            assertThat(nextData(lines)).contains("DELETED").contains("seen");
        }
    }

    @Test
    void watchShowsNodesThatAreElsewhere() throws Exception {
        String uid =
                api.create("argo", "{\"name\":\"away\"}").at("/metadata/uid").asText();
        Surroundings.ARCHIVE.put(
                "/v1/workflows/" + uid + "/nodes", "{\"nodes\": {\n  \"n\": {\"phase\": \"Running\"}\n}}\n");
        cluster.status("away", "{\"offloadNodeStatusVersion\":\"fnv:1\",\"phase\":\"Running\"}");

        for (Map<String, String> accept : List.of(EVENTS, Map.<String, String>of())) {
            String path = "/api/v1/workflow-events/argo?listOptions.fieldSelector=metadata.name%3Daway";
            try (BufferedReader lines = lines(api.stream(path, accept))) {
                String event = accept.isEmpty() ? lines.readLine() : nextData(lines);
                assertThat(event)
                        .contains("\"type\":\"ADDED\"")
                        .contains("\"phase\":\"Running\",\"nodes\":{\"n\":{\"phase\":\"Running\"}}}}")
                        .doesNotContain("offloadNodeStatusVersion");
            }
        }
    }

    @Test
    void manyReadersShareTheFeedAndOneLeavingDoesNotDisturbOthers() throws Exception {
        String path = "/api/v1/workflow-events/argo?listOptions.fieldSelector=metadata.name%3Dshared";
        try (BufferedReader stays = lines(api.stream(path, Map.of()))) {
            BufferedReader leaves = lines(api.stream(path, Map.of()));
            api.create("argo", "{\"name\":\"shared\"}");
            assertThat(leaves.readLine().strip()).startsWith("{\"result\":{\"type\":\"ADDED\"");
            leaves.close();
            assertThat(stays.readLine().strip()).startsWith("{\"result\":{\"type\":\"ADDED\"");
            cluster.status("shared", "{\"phase\":\"Running\"}");
            assertThat(stays.readLine()).contains("MODIFIED");
        }
    }

    @Test
    void logsComeFromPodsAndFollowUntilTheWorkflowIsDone() throws Exception {
        api.create("argo", "{\"name\":\"talks\"}");
        Surroundings.LOGS.put("argo/talks/main", "2026-01-01T00:00:01Z hello\n2026-01-01T00:00:02Z world\n");
        Surroundings.LOGS.put("argo/talks-late/main", "2026-01-01T00:00:03Z late\n");
        cluster.pod("talks", "talks", kubelet);
        String log = "/api/v1/workflows/argo/talks/log?logOptions.container=main";
        assertThat(contents(log)).containsExactly("hello", "world");
        assertThat(contents(log + "&grep=wor")).containsExactly("world");
        assertThat(contents(log + "&podName=other")).isEmpty();
        assertThat(contents(log + "&logOptions.timestamps=true")).contains("2026-01-01T00:00:01Z hello");

        cluster.status("talks", "{\"phase\":\"Running\"}");
        try (BufferedReader lines = lines(api.stream(log + "&logOptions.follow=true", EVENTS))) {
            assertThat(nextData(lines)).isEqualTo("{\"result\":{\"content\":\"hello\",\"podName\":\"talks\"}}");
            assertThat(nextData(lines)).contains("world");
            cluster.pod("talks", "talks-late", kubelet);
            assertThat(nextData(lines)).contains("late");
            cluster.status("talks", "{\"phase\":\"Succeeded\"}");
            assertThat(lines.lines().filter(line -> line.startsWith("data")).toList())
                    .isEmpty();
        }
    }

    @Test
    void logsOfPodsThatAreGoneComeFromTheStore() throws Exception {
        put("argo/gone/main.log", "from the store\n");
        api.create("argo", "{\"name\":\"gone\"}");
        cluster.status("gone", status("gone", "{\"name\":\"main-logs\",\"oss\":{\"key\":\"argo/gone/main.log\"}}"));
        assertThat(contents("/api/v1/workflows/argo/gone/log")).containsExactly("from the store");
    }

    @Test
    void artifactsStreamWholeInPartsAndAsDirectories() throws Exception {
        put("argo/files/out.txt", "0123456789");
        put("argo/files/dir/a.txt", "A");
        put("argo/files/dir/sub/b.txt", "BB");
        api.create("argo", "{\"name\":\"files\"}");
        cluster.status(
                "files",
                status(
                        "files",
                        "{\"name\":\"out\",\"oss\":{\"key\":\"argo/files/out.txt\"}},"
                                + "{\"name\":\"dir\",\"oss\":{\"key\":\"argo/files/dir\"}},"
                                + "{\"name\":\"lost\",\"oss\":{\"key\":\"argo/files/lost\"}},"
                                + "{\"name\":\"deleted\",\"deleted\":true,\"oss\":{\"key\":\"argo/files/x\"}}"));
        String path = "/artifacts/argo/files/files/";

        HttpResponse<byte[]> whole = api.bytes(path + "out", Map.of());
        assertThat(new String(whole.body(), StandardCharsets.UTF_8)).isEqualTo("0123456789");
        assertThat(header(whole, "Content-Type")).isEqualTo("text/plain; charset=utf-8");
        assertThat(header(whole, "Content-Disposition")).isEqualTo("filename=\"out.txt\"");
        assertThat(header(whole, "Content-Length")).isEqualTo("10");
        assertThat(header(whole, "Content-Security-Policy")).startsWith("sandbox");
        HttpResponse<byte[]> part = api.bytes(path + "out", Map.of("Range", "bytes=2-4"));
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(new String(part.body(), StandardCharsets.UTF_8)).isEqualTo("234");
        assertThat(header(part, "Content-Range")).isEqualTo("bytes 2-4/10");
        assertThat(api.bytes(path + "out", Map.of("Range", "bytes=10-")).statusCode())
                .isEqualTo(416);
        HttpResponse<String> head = api.send("HEAD", path + "out", "");
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValue("Content-Length")).hasValue("10");

        HttpResponse<byte[]> directory = api.bytes(path + "dir", Map.of());
        assertThat(header(directory, "Content-Disposition")).isEqualTo("filename=\"dir.tar.gz\"");
        assertThat(names(directory.body())).containsExactly("a.txt=A", "sub/b.txt=BB");

        assertThat(api.bytes(path + "lost", Map.of()).statusCode()).isEqualTo(404);
        assertThat(api.bytes(path + "deleted", Map.of()).statusCode()).isEqualTo(404);
        assertThat(api.send("GET", path + "nope", "").body()).contains("known: out, dir, lost, deleted");
        assertThat(api.bytes("/artifacts/argo/files/no-node/out", Map.of()).statusCode())
                .isEqualTo(404);
    }

    private String status(String name, String artifacts) {
        return """
                {"phase":"Succeeded","artifactRepositoryRef":{"artifactRepository":{"oss":{"endpoint":"%s","bucket":"%s",
                "keyFormat":"x"}}},"nodes":{"%s":{"id":"%s","name":"%s","type":"Pod","phase":"Succeeded",
                "templateName":"main","outputs":{"artifacts":[%s]}}}}""".formatted(oss, Surroundings.BUCKET, name, name, name, artifacts);
    }

    private void put(String key, String content) throws IOException {
        try (OssDriver driver = new OssDriver(new Credentials("test-id", "test-secret", null))) {
            byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
            new Stores(List.of(driver), (namespace, secret, field) -> Optional.empty())
                    .locate("argo", Map.of("oss", Map.of("endpoint", oss, "bucket", Surroundings.BUCKET, "key", key)))
                    .store()
                    .put(key, new ByteArrayInputStream(bytes), bytes.length, null);
        }
    }

    private List<String> contents(String path) throws IOException {
        List<String> contents = new ArrayList<>();
        try (BufferedReader lines = lines(api.stream(path, Map.of()))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode message = api.json().readTree(line);
                contents.add(message.path("result").path("content").asText());
            }
        }
        return contents;
    }

    private static List<String> names(byte[] archive) throws IOException {
        List<String> names = new ArrayList<>();
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new GZIPInputStream(new ByteArrayInputStream(archive)))) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                names.add(entry.getName() + "=" + new String(tar.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return names;
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    private static BufferedReader lines(HttpResponse<InputStream> response) {
        return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    private static String nextData(BufferedReader lines) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("data: ")) {
                return line.substring("data: ".length());
            }
        }
        return "";
    }
}
