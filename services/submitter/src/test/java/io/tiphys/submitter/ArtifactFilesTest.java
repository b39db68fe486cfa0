package io.tiphys.submitter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.tiphys.artifacts.ArtifactStore;
import io.tiphys.artifacts.Credentials;
import io.tiphys.artifacts.LifecycleRule;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.Stores;
import io.tiphys.artifacts.oss.OssDriver;
import io.tiphys.local.objectstore.Fault;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipInputStream;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What people fetch from object storage and bring there, against the real store. */
@QuarkusTest
@QuarkusTestResource(Surroundings.class)
@Timeout(120)
class ArtifactFilesTest {
    private static final String FILES = "/artifact-files/argo/workflows/browsed/browsed/outputs/";
    private static final String BOUNDARY = "x-boundary-x";

    @TestHTTPResource("/")
    URI base = URI.create("/");

    @Inject
    KubernetesClient kubernetes;

    @ConfigProperty(name = "test.oss.endpoint")
    String oss = "";

    private final OssDriver driver = new OssDriver(new Credentials("test-id", "test-secret", null));
    private Api api = new Api(base);

    @BeforeEach
    void workflowWithFiles() throws Exception {
        api = new Api(base);
        if (new Cluster(kubernetes).workflow("browsed").get() != null) {
            return;
        }
        put("argo/browsed/one.txt", "one");
        put("argo/browsed/dir/a.txt", "A");
        put("argo/browsed/dir/<i>&'\".txt", "odd");
        put("argo/browsed/dir/sub/b.txt", "BB");
        put("argo/browsed/site/index.html", "<script>alert(1)</script>");
        api.create("argo", "{\"name\":\"browsed\"}");
        new Cluster(kubernetes).status("browsed", """
                {"phase":"Succeeded","artifactRepositoryRef":{"artifactRepository":{"oss":{"endpoint":"%s","bucket":"%s"}}},
                "nodes":{"browsed":{"id":"browsed","name":"browsed","type":"Pod","phase":"Succeeded","templateName":"main",
                "outputs":{"artifacts":[{"name":"one","oss":{"key":"argo/browsed/one.txt"}},
                {"name":"dir","oss":{"key":"argo/browsed/dir"}},{"name":"site","oss":{"key":"argo/browsed/site"}}]}}}}""".formatted(oss, Surroundings.BUCKET));
    }

    @AfterEach
    void close() {
        driver.close();
    }

    @Test
    void fileIsShownButMayDoNothing() {
        HttpResponse<byte[]> file = api.bytes(FILES + "one", Map.of());

        assertThat(text(file)).isEqualTo("one");
        assertThat(header(file, "Content-Security-Policy"))
                .startsWith("sandbox")
                .contains("default-src 'none'");
        assertThat(header(file, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(api.bytes(FILES + "one", Map.of("If-None-Match", header(file, "ETag")))
                        .statusCode())
                .isEqualTo(304);
        assertThat(api.send("HEAD", FILES + "one", "").headers().firstValue("Content-Length"))
                .hasValue("3");
    }

    @Test
    void directoryIsAPageOfLinks() {
        HttpResponse<byte[]> bare = api.bytes(FILES + "dir", Map.of());
        assertThat(bare.statusCode()).isEqualTo(307);
        assertThat(base.resolve(FILES + "dir").resolve(header(bare, "Location")).getPath())
                .isEqualTo(FILES + "dir/");

        HttpResponse<byte[]> page = api.bytes(FILES + "dir/", Map.of());
        assertThat(header(page, "Content-Type")).isEqualTo("text/html; charset=utf-8");
        assertThat(header(page, "Content-Security-Policy")).startsWith("sandbox");
        assertThat(text(page))
                .contains("<a href=\"./a.txt\">a.txt</a>")
                .contains("<a href=\"./sub/\">sub/</a>")
                .contains("<a href=\"./%3Ci%3E%26%27%22.txt\">&lt;i&gt;&amp;&#39;&quot;.txt</a>")
                .doesNotContain("b.txt");
        assertThat(text(api.bytes(FILES + "dir/sub/b.txt", Map.of()))).isEqualTo("BB");
        assertThat(text(api.bytes(FILES + "dir/%3Ci%3E%26%27%22.txt", Map.of())))
                .isEqualTo("odd");
    }

    @Test
    void directoryWithAnIndexShowsThat() {
        HttpResponse<byte[]> site = api.bytes(FILES + "site/", Map.of());

        assertThat(site.statusCode()).isEqualTo(307);
        assertThat(base.resolve(FILES + "site/")
                        .resolve(header(site, "Location"))
                        .getPath())
                .isEqualTo(FILES + "site/index.html");
        HttpResponse<byte[]> index = api.bytes(FILES + "site/index.html", Map.of());
        assertThat(header(index, "Content-Security-Policy"))
                .startsWith("sandbox")
                .doesNotContain("allow-scripts");
    }

    @Test
    void directoryComesAsAZip() throws Exception {
        HttpResponse<byte[]> zip = api.bytes(FILES + "dir?archive=zip", Map.of());

        assertThat(header(zip, "Content-Disposition")).isEqualTo("filename=\"dir.zip\"");
        assertThat(header(zip, "Content-Type")).isEqualTo("application/zip");
        List<String> names = new ArrayList<>();
        try (var in = new ZipInputStream(new ByteArrayInputStream(zip.body()))) {
            for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                names.add(entry.getName() + "=" + new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        assertThat(names).contains("a.txt=A", "sub/b.txt=BB").hasSize(3);
        assertThat(api.send("GET", FILES + "dir/?archive=rar", "").body())
                .contains("rar")
                .contains("zip");
    }

    @Test
    void nothingLeadsOutOfTheArtifact() {
        for (String path : List.of("dir/%2e%2e/one.txt", "dir/..%2Fone.txt", "dir/a//b", "dir/%2e/a.txt")) {
            assertThat(api.bytes(FILES + path, Map.of()).statusCode()).as(path).isIn(400, 404);
        }
        assertThat(api.bytes("/artifact-files/argo/pods/browsed/browsed/outputs/one", Map.of())
                        .statusCode())
                .isEqualTo(400);
        assertThat(api.bytes("/artifact-files/argo/workflows/browsed/browsed/sideways/one", Map.of())
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void archivedWorkflowHasItsFilesToo() {
        ObjectNode workflow = (ObjectNode) api.get("/api/v1/workflows/argo/browsed");
        ObjectNode status = (ObjectNode) workflow.path("status");
        workflow.withObject("/metadata").put("uid", "uid-b");
        Surroundings.ARCHIVE.put("/v1/workflows/uid-b/nodes", "{\"nodes\":" + status.remove("nodes") + "}");
        status.put("offloadNodeStatusVersion", "archived");
        Surroundings.ARCHIVE.put("/v1/workflows/uid-b", workflow.toString());

        assertThat(text(api.bytes("/artifact-files/argo/archived-workflows/uid-b/browsed/outputs/one", Map.of())))
                .isEqualTo("one");
        assertThat(api.bytes("/artifact-files/other/archived-workflows/uid-b/browsed/outputs/one", Map.of())
                        .statusCode())
                .isEqualTo(400);
        HttpResponse<String> head = api.send("HEAD", "/artifacts-by-uid/uid-b/browsed/one", "");
        assertThat(head.headers().firstValue("Content-Length")).hasValue("3");
    }

    @Test
    void smallAndLargeFilesAreTakenIn() throws Exception {
        template("taking");
        byte[] large = new byte[20 * 1024 * 1024 + 7];
        for (int i = 0; i < large.length; i++) {
            large[i] = (byte) (i * 31 + (i >> 13));
        }
        for (byte[] content : List.of("few".getBytes(StandardCharsets.UTF_8), large)) {
            HttpResponse<String> answer = upload("taking", "data", "C:\\\\files\\\\in.csv", content);

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            JsonNode taken = api.tree(answer);
            assertThat(taken.path("name").asText()).isEqualTo("data");
            assertThat(taken.path("key").asText()).matches("uploads/argo/[0-9a-f-]{36}/in\\.csv");
            try (InputStream stored = store().read(taken.path("key").asText())) {
                assertThat(stored.readAllBytes()).isEqualTo(content);
            }
        }
    }

    @Test
    void whatIsNoUploadIsRefused() throws Exception {
        template("refusing");

        assertThat(upload("nowhere", "data", "f", new byte[1]).statusCode()).isEqualTo(404);
        assertThat(upload("refusing", "other", "f", new byte[1]).body())
                .contains("other")
                .contains("arguments.artifacts");
        assertThat(upload("refusing", "data", "..", new byte[1]).statusCode()).isEqualTo(400);
        assertThat(api.send("POST", "/upload-artifacts/argo/refusing/data", "{}", Map.of("Content-Type", "text/plain"))
                        .body())
                .contains("multipart/form-data");
        assertThat(api.send(
                                "POST",
                                "/upload-artifacts/argo/refusing/data",
                                "--" + BOUNDARY + "--\r\n",
                                Map.of("Content-Type", "multipart/form-data; boundary=" + BOUNDARY))
                        .body())
                .contains("file");
    }

    /** The half of a file would look like the whole. */
    @Test
    void uploadThatBreaksOffLeavesNothing() throws Exception {
        template("breaking");
        byte[] part = new byte[9 * 1024 * 1024];
        try (Socket socket = new Socket(base.getHost(), base.getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST /upload-artifacts/argo/breaking/data HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n"
                            + "Content-Type: multipart/form-data; boundary=" + BOUNDARY + "\r\n\r\n"
                            + opening("cut.bin"))
                    .getBytes(StandardCharsets.US_ASCII));
            out.write(part);
            out.flush();
            Awaitility.await("the first part").atMost(Duration.ofSeconds(60)).until(() -> openUploads() == 1);
        }
        Awaitility.await("nothing stays open").atMost(Duration.ofSeconds(60)).until(() -> openUploads() == 0);
        List<String> left = new ArrayList<>();
        store().list("uploads/argo/", object -> left.add(object.key()));
        assertThat(left).noneMatch(key -> key.endsWith("cut.bin"));
    }

    private int openUploads() throws StoreException {
        List<String> open = new ArrayList<>();
        store().listMultipart("uploads/argo/", upload -> open.add(upload.key()));
        return (int) open.stream().filter(key -> key.endsWith("cut.bin")).count();
    }

    @Test
    void artifactsAreReadAgainAndComparedWithWhatTheStoreKeeps() {
        JsonNode whole = api.get("/artifact-checks/argo/browsed/browsed/one");
        assertThat(whole.path("problems")).isEmpty();
        assertThat(whole.path("objects").asInt()).isEqualTo(1);
        assertThat(whole.path("withoutSum").asInt()).isZero();

        JsonNode directory = api.get("/artifact-checks/argo/browsed/browsed/dir");
        assertThat(directory.path("objects").asInt()).isEqualTo(3);
        assertThat(directory.path("sizeBytes").asInt()).isEqualTo(6);
        assertThat(directory.path("problems")).isEmpty();

        Surroundings.store()
                .faults()
                .inject(
                        1,
                        new Fault.FlipBit(1),
                        request ->
                                request.method().equals("GET") && request.key().endsWith("one.txt"));
        JsonNode damaged = api.get("/artifact-checks/argo/browsed/browsed/one");
        assertThat(damaged.path("problems")).hasSize(1);
        assertThat(damaged.at("/problems/0/key").asText()).isEqualTo("argo/browsed/one.txt");
    }

    @Test
    void rulesOfTheBucketAreShown() throws Exception {
        kubernetes
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("artifact-repositories")
                        .withNamespace("default")
                        .addToAnnotations("workflows.argoproj.io/default-artifact-repository", "mine")
                        .endMetadata()
                        .addToData("mine", "oss: {endpoint: \"%s\", bucket: %s}".formatted(oss, Surroundings.BUCKET))
                        .build())
                .create();
        store().changeLifecycleRules(List.of(new LifecycleRule("mine", "logs/", true, 30, List.of(), null)), List.of());

        JsonNode answer = api.get("/artifact-rules/default");

        assertThat(answer.path("store").asText()).isEqualTo("oss://" + Surroundings.BUCKET);
        assertThat(answer.at("/rules/0/id").asText()).isEqualTo("mine");
        assertThat(answer.at("/rules/0/expireAfterDays").asInt()).isEqualTo(30);
    }

    @Test
    void orphansAndDeadLettersAreArtifactGcsAnswers() {
        String lines = "{\"key\":\"a\"}\n{\"total\":{}}\n";
        Surroundings.ARCHIVE.put("/v1/namespaces/argo/orphans", lines);
        assertThat(api.send("GET", "/artifact-orphans/argo?prefix=a", "").body())
                .isEqualTo(lines);
        assertThat(api.send("POST", "/artifact-orphans/argo/delete", "").body()).isEqualTo(lines);
        assertThat(api.send("GET", "/artifact-orphans/argo?olderThanSeconds=-1", "")
                        .body())
                .contains("olderThanSeconds is -1");

        Surroundings.ARCHIVE.put("/v1/namespaces/argo/dead-deletions", "{\"items\":[{\"id\":1}],\"more\":false}");
        assertThat(api.get("/artifact-deletions/argo").at("/items/0/id").asInt())
                .isEqualTo(1);
        Surroundings.ARCHIVE.put("/v1/namespaces/argo/dead-deletions/retry", "{\"queued\":1}");
        assertThat(api.ok("POST", "/artifact-deletions/argo/retry", "{\"ids\":[1]}")
                        .path("queued")
                        .asInt())
                .isEqualTo(1);
        assertThat(api.send("GET", "/artifact-deletions/elsewhere", "").statusCode())
                .isEqualTo(503);
    }

    private void template(String name) {
        api.ok("POST", "/api/v1/workflow-templates/argo", """
                {"template":{"apiVersion":"argoproj.io/v1alpha1","kind":"WorkflowTemplate","metadata":{"name":"%s"},
                "spec":{"entrypoint":"main","arguments":{"artifacts":[{"name":"data","oss":{"endpoint":"%s","bucket":"%s",
                "key":"unused"}}]},"templates":[{"name":"main","inputs":{"artifacts":[{"name":"data","path":"/d"}]},
                "container":{"image":"alpine","command":["true"]}}]}}}""".formatted(name, oss, Surroundings.BUCKET));
    }

    private static String opening(String fileName) {
        return "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + fileName
                + "\"\r\nContent-Type: application/octet-stream\r\n\r\n";
    }

    private HttpResponse<String> upload(String template, String artifact, String fileName, byte[] content)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        base.resolve("/upload-artifacts/argo/" + template + "/" + artifact))
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(BodyPublishers.ofInputStream(() -> new SequenceInputStream(Collections.enumeration(List.of(
                        stream(opening(fileName)),
                        new ByteArrayInputStream(content),
                        stream("\r\n--" + BOUNDARY + "--\r\n"))))))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, BodyHandlers.ofString());
        }
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private ArtifactStore store() throws StoreException {
        return new Stores(List.of(driver), (namespace, secret, field) -> Optional.empty())
                .locate("argo", Map.of("oss", Map.of("endpoint", oss, "bucket", Surroundings.BUCKET, "key", "x")))
                .store();
    }

    private void put(String key, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        store().put(key, new ByteArrayInputStream(bytes), bytes.length, null);
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }
}
