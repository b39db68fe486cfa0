package io.tiphys.submitter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.tiphys.api.ApiJson;
import io.tiphys.api.LargeSpec;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Workflows that don't fit into their objects, and requests that don't fit into anything. */
@QuarkusTest
@QuarkusTestResource(Surroundings.class)
class LargeWorkflowTest {
    private static final String WORKFLOWS = "/api/v1/workflows/argo";

    @TestHTTPResource("/")
    URI base = URI.create("/");

    @Inject
    KubernetesClient kubernetes;

    private Api api = new Api(base);
    private Cluster cluster = new Cluster(kubernetes);

    @BeforeEach
    void connect() {
        api = new Api(base);
        cluster = new Cluster(kubernetes);
    }

    private static ObjectNode workflow(String name, int tasks) {
        ObjectNode workflow = ApiJson.mapper().createObjectNode();
        workflow.putObject("metadata")
                .put("name", name)
                .putObject("annotations")
                .put(LargeSpec.ANNOTATION, "sha256:" + "0".repeat(64));
        ObjectNode spec = workflow.putObject("spec").put("entrypoint", "main");
        ArrayNode templates = spec.putArray("templates");
        ArrayNode all =
                templates.addObject().put("name", "main").putObject("dag").putArray("tasks");
        for (int i = 0; i < tasks; i++) {
            ObjectNode task = all.addObject().put("name", "task-" + i).put("template", "work");
            if (i > 0) {
                task.put("depends", "task-" + (i - 1) / 2 + ".Succeeded");
            }
        }
        templates
                .addObject()
                .put("name", "work")
                .putObject("container")
                .put("image", "alpine")
                .putArray("command")
                .add("true");
        return workflow;
    }

    private JsonNode create(String name) {
        ObjectNode request = ApiJson.mapper().createObjectNode();
        request.set("workflow", workflow(name, 24_000));
        return api.ok("POST", WORKFLOWS, request.toString());
    }

    @Test
    void aSpecLargerThanAnObjectReadsBackWhole() {
        JsonNode spec = workflow("x", 24_000).path("spec");
        assertThat(spec.toString().length()).isGreaterThan(1536 * 1024);

        JsonNode created = create("large-whole");

        assertThat(created.path("spec")).isEqualTo(spec);
        assertThat(created.path("metadata").has("annotations")).isFalse();
        JsonNode read = api.get(WORKFLOWS + "/large-whole");
        assertThat(read.path("spec")).isEqualTo(spec);
        assertThat(read.path("metadata").has("annotations")).isFalse();
        assertThat(api.get(WORKFLOWS + "?listOptions.fieldSelector=metadata.name=large-whole")
                        .path("items")
                        .path(0)
                        .path("spec"))
                .isEqualTo(spec);
        var stored = cluster.workflow("large-whole").get();
        assertThat(ApiJson.mapper().valueToTree(stored).toString().length()).isLessThan(4096);
        assertThat(stored.getMetadata().getLabels()).containsEntry(LargeSpec.LABEL, "true");
        assertThat(stored.getMetadata().getAnnotations().get(LargeSpec.ANNOTATION))
                .startsWith("sha256:")
                .isNotEqualTo("sha256:" + "0".repeat(64));
    }

    @Test
    void itIsSuspendedRetriedAndResubmittedLikeAnyOther() {
        create("large-actions");
        assertThat(api.ok("PUT", WORKFLOWS + "/large-actions/suspend", "{}")
                        .path("spec")
                        .path("templates")
                        .path(0)
                        .path("dag")
                        .path("tasks"))
                .hasSize(24_000);
        assertThat(api.get(WORKFLOWS + "/large-actions")
                        .path("spec")
                        .path("suspend")
                        .asBoolean())
                .isTrue();

        JsonNode again = api.ok("PUT", WORKFLOWS + "/large-actions/resubmit", "{}");

        String name = again.path("metadata").path("name").asText();
        assertThat(api.get(WORKFLOWS + "/" + name)
                        .path("spec")
                        .path("templates")
                        .path(0)
                        .path("dag")
                        .path("tasks"))
                .hasSize(24_000);
    }

    @Test
    void listsShowNodesHoweverTheyAreStored() {
        api.create("argo", "{\"name\":\"offloaded\"}");
        cluster.status("offloaded", "{\"phase\":\"Running\",\"offloadNodeStatusVersion\":\"fnv:1\"}");
        String uid = api.get(WORKFLOWS + "/offloaded?fields=metadata.uid")
                .path("metadata")
                .path("uid")
                .asText();
        Surroundings.ARCHIVE.put(
                "/v1/workflows/" + uid + "/nodes", "{\"nodes\":{\"n\":{\"id\":\"n\",\"phase\":\"Running\"}}}");

        JsonNode whole = api.get(WORKFLOWS + "?listOptions.fieldSelector=metadata.name=offloaded")
                .path("items")
                .path(0);
        JsonNode bare = api.get(
                        WORKFLOWS + "?listOptions.fieldSelector=metadata.name=offloaded&fields=-items.status.nodes")
                .path("items")
                .path(0);

        assertThat(whole.path("status").path("nodes").path("n").path("phase").asText())
                .isEqualTo("Running");
        assertThat(bare.path("status").has("nodes")).isFalse();
        assertThat(bare.path("status").path("phase").asText()).isEqualTo("Running");
    }

    @Test
    void aListOfMuchThatIsStoredElsewhereComesWhole() {
        Set<String> created = new TreeSet<>();
        for (int i = 0; i < 20; i++) {
            String name = "paged-" + i;
            created.add(name);
            String uid = api.create("argo", "{\"name\":\"" + name + "\"}")
                    .at("/metadata/uid")
                    .asText();
            cluster.status(name, "{\"phase\":\"Running\",\"offloadNodeStatusVersion\":\"fnv:1\"}");
            Surroundings.ARCHIVE.put(
                    "/v1/workflows/" + uid + "/nodes", "{\"nodes\":{\"" + name + "\":{\"phase\":\"Running\"}}}");
        }
        String list = WORKFLOWS + "?nameFilter=Prefix&listOptions.fieldSelector=metadata.name=paged-";

        JsonNode page = api.get(list);

        List<String> listed = new ArrayList<>();
        page.path("items").forEach(item -> item.at("/status/nodes").fieldNames().forEachRemaining(listed::add));
        assertThat(listed).containsExactlyInAnyOrderElementsOf(created);
        assertThat(page.at("/metadata/continue").asText()).isEmpty();
    }

    @Test
    void whatCannotBeHadOfOneIsNoReasonToShowNone() {
        api.create("argo", "{\"name\":\"lost-spec\",\"labels\":{\"suite\":\"lost\"}}");
        cluster.workflow("lost-spec")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\":{\"annotations\":{\"%s\":\"sha256:%s\"}}}"
                                .formatted(LargeSpec.ANNOTATION, "0".repeat(64)));
        api.create("argo", "{\"name\":\"there\",\"labels\":{\"suite\":\"lost\"}}");

        JsonNode page = api.get(WORKFLOWS + "?listOptions.labelSelector=suite%3Dlost");

        assertThat(page.path("items").findValuesAsText("name")).contains("lost-spec", "there");
    }

    @Test
    void whatIsInEveryObjectNeedsNoArchive() {
        api.create("argo", "{\"name\":\"outlined\"}");
        cluster.workflow("outlined")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\":{\"annotations\":{\"%s\":\"sha256:%s\"}},\"spec\":{\"suspend\":true}}"
                                .formatted(LargeSpec.ANNOTATION, "0".repeat(64)));

        JsonNode page = api.get(WORKFLOWS + "?listOptions.fieldSelector=metadata.name=outlined"
                + "&fields=metadata,items.metadata.name,items.spec.suspend");

        assertThat(page.at("/items/0/spec/suspend").asBoolean()).isTrue();
    }

    @Test
    void aBodyOfGigabytesIsRefusedBeforeItIsRead() throws IOException {
        try (Socket socket = new Socket(base.getHost(), base.getPort())) {
            socket.setSoTimeout(30_000);
            OutputStream out = socket.getOutputStream();
            out.write(
                    ("POST " + WORKFLOWS + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
                                    + (2L << 30) + "\r\nExpect: 100-continue\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            out.flush();

            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            assertThat(in.readLine()).isEqualTo("HTTP/1.1 400 Bad Request");
            StringBuilder answer = new StringBuilder();
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                answer.append(line).append('\n');
            }
            assertThat(answer).doesNotContain("100 Continue");
        }
        HttpResponse<String> tooLong =
                api.send("POST", WORKFLOWS, "{\"workflow\":\"" + "x".repeat(21 * 1024 * 1024) + "\"}", Map.of());
        assertThat(tooLong.statusCode()).isEqualTo(400);
        assertThat(api.tree(tooLong).path("message").asText())
                .contains("larger than 20 MiB")
                .contains("tiphys.submitter.max-request-size");
    }
}
