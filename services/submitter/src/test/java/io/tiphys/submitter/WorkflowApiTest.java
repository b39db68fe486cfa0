package io.tiphys.submitter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Surroundings.class)
class WorkflowApiTest {
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

    @Test
    void createsGetsAndDeletes() {
        JsonNode created = api.create("argo", "{\"generateName\":\"made-\"}");
        String name = created.path("metadata").path("name").asText();
        assertThat(name).startsWith("made-");
        assertThat(created.path("metadata").has("managedFields")).isFalse();

        assertThat(api.get(WORKFLOWS + "/" + name)
                        .path("spec")
                        .path("entrypoint")
                        .asText())
                .isEqualTo("main");
        JsonNode cleaned = api.get(WORKFLOWS + "/" + name + "?fields=metadata.name");
        assertThat(cleaned.toString()).isEqualTo("{\"metadata\":{\"name\":\"" + name + "\"}}");

        assertThat(api.ok("DELETE", WORKFLOWS + "/" + name, "")).isEmpty();
        HttpResponse<String> gone = api.send("GET", WORKFLOWS + "/" + name, "");
        assertThat(gone.statusCode()).isEqualTo(404);
        JsonNode error = api.tree(gone);
        assertThat(error.path("code").asInt()).isEqualTo(5);
        assertThat(error.path("message").asText())
                .contains(name)
                .isEqualTo(error.path("error").asText());
    }

    @Test
    void forceDeletesPastFinalizers() {
        api.create("argo", "{\"name\":\"held\",\"finalizers\":[\"workflows.argoproj.io/artifact-gc\"]}");
        api.ok("DELETE", WORKFLOWS + "/held", "");
        assertThat(cluster.workflow("held").get()).isNotNull();
        api.ok("DELETE", WORKFLOWS + "/held?force=true", "");
        assertThat(cluster.workflow("held").get()).isNull();
    }

    @Test
    void refusesWhatCannotRunAndNamesTheField() {
        String body = "{\"workflow\":{\"metadata\":{\"name\":\"bad\"},\"spec\":{\"entrypoint\":\"nowhere\","
                + "\"templates\":[{\"name\":\"main\",\"container\":{\"image\":\"alpine\"}}]}}}";
        HttpResponse<String> refused = api.send("POST", WORKFLOWS, body);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(api.tree(refused).path("code").asInt()).isEqualTo(3);
        assertThat(api.tree(refused).path("message").asText())
                .contains("spec.entrypoint")
                .contains("nowhere");
        assertThat(cluster.workflow("bad").get()).isNull();
        assertThat(api.send("POST", WORKFLOWS + "/lint", body).statusCode()).isEqualTo(400);
    }

    @Test
    void refusesBodiesThatAreNoRequests() {
        assertThat(api.send("POST", WORKFLOWS, "{not json").statusCode()).isEqualTo(400);
        assertThat(api.send("POST", WORKFLOWS, "[]").statusCode()).isEqualTo(400);
        assertThat(api.send("POST", WORKFLOWS, "{}").statusCode()).isEqualTo(400);
        String other = "{\"workflow\":" + Api.workflow("{\"name\":\"x\",\"namespace\":\"elsewhere\"}") + "}";
        assertThat(api.send("POST", WORKFLOWS, other).body()).contains("metadata.namespace");
        HttpResponse<String> large = api.send("POST", WORKFLOWS, "{\"a\":\"" + "x".repeat(21 * 1024 * 1024) + "\"}");
        assertThat(large.statusCode()).isEqualTo(400);
        assertThat(large.body()).contains("20 MiB");
    }

    @Test
    void sayingTheSameNameTwiceIsAConflict() {
        api.create("argo", "{\"name\":\"twice\"}");
        HttpResponse<String> again =
                api.send("POST", WORKFLOWS, "{\"workflow\":" + Api.workflow("{\"name\":\"twice\"}") + "}");
        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(api.tree(again).path("code").asInt()).isEqualTo(6);
    }

    @Test
    void dryRunsCreateNothing() {
        String workflow = Api.workflow("{\"name\":\"dry\"}");
        api.ok("POST", WORKFLOWS, "{\"serverDryRun\":true,\"workflow\":" + workflow + "}");
        api.ok("POST", WORKFLOWS, "{\"createOptions\":{\"dryRun\":[\"All\"]},\"workflow\":" + workflow + "}");
        api.ok("POST", WORKFLOWS + "/lint", "{\"workflow\":" + workflow + "}");
        assertThat(cluster.workflow("dry").get()).isNull();
    }

    @Test
    void listsByLabelInPagesWithTheArchiveBehind() {
        api.create("argo", "{\"name\":\"page-a\",\"labels\":{\"suite\":\"page\"}}");
        api.create("argo", "{\"name\":\"page-b\",\"labels\":{\"suite\":\"page\"}}");
        Surroundings.ARCHIVE.put(
                "/v1/workflows/search",
                "{\"items\":[{\"metadata\":{\"name\":\"page-old\"}}],\"more\":false,\"total\":1}");
        try {
            String selector = WORKFLOWS + "?listOptions.labelSelector=suite%3Dpage&fields=metadata,items.metadata.name";
            JsonNode all = api.get(selector);
            assertThat(all.path("items").findValuesAsText("name"))
                    .containsExactlyInAnyOrder("page-a", "page-b", "page-old");
            assertThat(all.path("items").get(2).toString()).isEqualTo("{\"metadata\":{\"name\":\"page-old\"}}");
            JsonNode first = api.get(selector + "&listOptions.limit=1");
            assertThat(first.path("items")).hasSize(1);
            assertThat(first.path("metadata").path("continue").asText()).isEqualTo("1");
            JsonNode last = api.get(selector + "&listOptions.limit=2&listOptions.continue=1");
            assertThat(last.path("items")).hasSize(2);
            assertThat(last.path("metadata").has("continue")).isFalse();
        } finally {
            Surroundings.ARCHIVE.remove("/v1/workflows/search");
        }
        assertThat(api.send("GET", WORKFLOWS + "?listOptions.fieldSelector=spec.x%3D1", "")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void unpacksCompressedNodes() throws Exception {
        api.create("argo", "{\"name\":\"packed\"}");
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write("{\"packed\":{\"id\":\"packed\"}}".getBytes(StandardCharsets.UTF_8));
        }
        cluster.status(
                "packed",
                "{\"phase\":\"Running\",\"compressedNodes\":\"%s\"}"
                        .formatted(Base64.getEncoder().encodeToString(packed.toByteArray())));
        JsonNode status = api.get(WORKFLOWS + "/packed").path("status");
        assertThat(status.path("nodes").path("packed").path("id").asText()).isEqualTo("packed");
        assertThat(status.has("compressedNodes")).isFalse();
    }

    @Test
    void answersFromTheArchiveWhatIsNoLongerLive() {
        Surroundings.ARCHIVE.put(
                "/v1/namespaces/argo/workflows/history",
                "{\"metadata\":{\"name\":\"history\",\"uid\":\"u1\"},\"status\":{\"phase\":\"Succeeded\"}}");
        assertThat(api.get(WORKFLOWS + "/history").path("status").path("phase").asText())
                .isEqualTo("Succeeded");
        assertThat(api.ok("DELETE", WORKFLOWS + "/history", "")).isEmpty();
        Surroundings.ARCHIVE.remove("/v1/namespaces/argo/workflows/history");
    }

    @Test
    void stopsTerminatesAndSuspendsWhatRunsOnly() {
        api.create("argo", "{\"name\":\"acted\"}");
        api.ok("PUT", WORKFLOWS + "/acted/suspend", "{}");
        assertThat(spec("acted").path("suspend").asBoolean()).isTrue();
        api.ok("PUT", WORKFLOWS + "/acted/stop", "{}");
        assertThat(spec("acted").path("shutdown").asText()).isEqualTo("Stop");
        api.ok("PUT", WORKFLOWS + "/acted/terminate", "");
        assertThat(spec("acted").path("shutdown").asText()).isEqualTo("Terminate");

        cluster.status("acted", "{\"phase\":\"Failed\"}");
        assertThat(api.send("PUT", WORKFLOWS + "/acted/stop", "{}").body()).contains("completed workflow");
        assertThat(api.send("PUT", WORKFLOWS + "/acted/suspend", "{}").body()).contains("completed workflows");
        cluster.status("acted", "{\"phase\":\"Running\"}");
        HttpResponse<String> retry = api.send("PUT", WORKFLOWS + "/acted/retry", "{}");
        assertThat(retry.body()).contains("workflow must be Failed/Error to retry");
    }

    @Test
    void resubmitsUnderANewName() {
        api.create("argo", "{\"name\":\"first\",\"labels\":{\"a\":\"b\",\"workflows.argoproj.io/phase\":\"Failed\"}}");
        api.ok("PUT", WORKFLOWS + "/first/stop", "{}");
        JsonNode second = api.ok("PUT", WORKFLOWS + "/first/resubmit", "{\"parameters\":[\"p=1\"]}");
        assertThat(second.path("metadata").path("name").asText()).startsWith("first-");
        assertThat(second.path("metadata").path("labels").toString())
                .isEqualTo("{\"a\":\"b\",\"workflows.argoproj.io/resubmitted-from-workflow\":\"first\"}");
        assertThat(second.path("spec").has("shutdown")).isFalse();
        assertThat(second.path("spec").path("arguments").path("parameters").toString())
                .isEqualTo("[{\"name\":\"p\",\"value\":\"1\"}]");
    }

    @Test
    void putsAnArchivedWorkflowBackToRetryIt() {
        Surroundings.ARCHIVE.put("/v1/workflows/u9", """
                {"metadata":{"name":"past","namespace":"argo","uid":"u9","labels":{"a":"b",
                "workflows.argoproj.io/completed":"true"}},"spec":{"entrypoint":"main","templates":[
                {"name":"main","steps":[[{"name":"a","template":"w"}],[{"name":"b","template":"w"}]]},
                {"name":"w","container":{"image":"alpine","command":["true"]}}]},
                "status":{"phase":"Failed","offloadNodeStatusVersion":"archived"}}""");
        Surroundings.ARCHIVE.put("/v1/workflows/u9/nodes", """
                {"nodes":{
                "past":{"id":"past","name":"past","type":"Steps","phase":"Failed","templateName":"main","children":["p0"]},
                "p0":{"id":"p0","name":"past[0]","type":"StepGroup","phase":"Succeeded","boundaryID":"past","children":["pa"]},
                "pa":{"id":"pa","name":"past[0].a","type":"Pod","phase":"Succeeded","boundaryID":"past","templateName":"w"},
                "p1":{"id":"p1","name":"past[1]","type":"StepGroup","phase":"Failed","boundaryID":"past","children":["pb"]},
                "pb":{"id":"pb","name":"past[1].b","type":"Pod","phase":"Failed","boundaryID":"past","templateName":"w"}}}""");
        try {
            JsonNode archived = api.get("/api/v1/archived-workflows/u9");
            assertThat(archived.at("/status/nodes/pb/phase").asText()).isEqualTo("Failed");
            assertThat(archived.at("/status").has("offloadNodeStatusVersion")).isFalse();

            JsonNode again = api.ok("PUT", "/api/v1/archived-workflows/u9/retry", "{}");
            assertThat(again.path("metadata").path("name").asText()).isEqualTo("past");
            assertThat(again.path("metadata").path("uid").asText()).isNotEqualTo("u9");
            assertThat(again.path("metadata").path("labels").toString()).isEqualTo("{\"a\":\"b\"}");
            JsonNode live = api.get(WORKFLOWS + "/past");
            assertThat(live.path("status").path("phase").asText()).isEqualTo("Running");
            assertThat(live.path("status").path("nodes").findValuesAsText("name"))
                    .contains("past[0].a")
                    .doesNotContain("past[1].b");
            HttpResponse<String> twice = api.send("PUT", "/api/v1/archived-workflows/u9/retry", "{}");
            assertThat(twice.statusCode()).isEqualTo(409);
        } finally {
            Surroundings.ARCHIVE.remove("/v1/workflows/u9");
            Surroundings.ARCHIVE.remove("/v1/workflows/u9/nodes");
        }
    }

    @Test
    void retriesByNameWhatIsOnlyArchivedWithTheNodesThatItHad() {
        Surroundings.ARCHIVE.put("/v1/namespaces/argo/workflows/long-past", """
                {"metadata":{"name":"long-past","namespace":"argo","uid":"u10"},"spec":{"entrypoint":"main","templates":[
                {"name":"main","steps":[[{"name":"a","template":"w"},{"name":"b","template":"w"}]]},
                {"name":"w","container":{"image":"alpine","command":["true"]}}]},
                "status":{"phase":"Failed","offloadNodeStatusVersion":"archived"}}""");
        Surroundings.ARCHIVE.put("/v1/workflows/u10/nodes", """
                {"nodes":{
                "long-past":{"id":"long-past","name":"long-past","type":"Steps","phase":"Failed","templateName":"main","children":["p0"]},
                "p0":{"id":"p0","name":"long-past[0]","type":"StepGroup","phase":"Failed","boundaryID":"long-past","children":["pa","pb"]},
                "pa":{"id":"pa","name":"long-past[0].a","type":"Pod","phase":"Succeeded","boundaryID":"long-past","templateName":"w"},
                "pb":{"id":"pb","name":"long-past[0].b","type":"Pod","phase":"Failed","boundaryID":"long-past","templateName":"w"}}}""");
        try {
            api.ok("PUT", WORKFLOWS + "/long-past/retry", "{}");

            JsonNode live = api.get(WORKFLOWS + "/long-past");
            assertThat(live.path("status").path("nodes").findValuesAsText("name"))
                    .contains("long-past[0].a")
                    .doesNotContain("long-past[0].b");
        } finally {
            Surroundings.ARCHIVE.remove("/v1/namespaces/argo/workflows/long-past");
            Surroundings.ARCHIVE.remove("/v1/workflows/u10/nodes");
        }
    }

    @Test
    void resubmitsMemoizedWhatFailed() {
        api.create("argo", "{\"name\":\"memo\"}");
        assertThat(api.send("PUT", WORKFLOWS + "/memo/resubmit", "{\"memoized\":true}")
                        .body())
                .contains("workflow must be Failed/Error to resubmit in memoized mode");
        cluster.status(
                "memo",
                "{\"phase\":\"Failed\",\"nodes\":{\"memo\":{\"id\":\"memo\",\"name\":\"memo\",\"type\":\"Pod\","
                        + "\"phase\":\"Succeeded\",\"templateName\":\"main\"}}}");
        JsonNode second = api.ok("PUT", WORKFLOWS + "/memo/resubmit", "{\"memoized\":true}");
        String name = second.path("metadata").path("name").asText();
        assertThat(name).startsWith("memo-");
        JsonNode node = second.path("status").path("nodes").path(name);
        assertThat(node.path("type").asText()).isEqualTo("Skipped");
        assertThat(node.path("message").asText()).isEqualTo("original pod: memo");
    }

    @Test
    void refusesToSetWhatIsNoSuspendNode() {
        api.create("argo", "{\"name\":\"held-up\"}");
        cluster.status(
                "held-up",
                "{\"phase\":\"Running\",\"nodes\":{\"n1\":{\"id\":\"n1\",\"name\":\"held-up[0].approve\","
                        + "\"displayName\":\"approve\",\"type\":\"Suspend\",\"phase\":\"Running\",\"outputs\":{\"parameters\":"
                        + "[{\"name\":\"p\",\"valueFrom\":{\"supplied\":{}}},{\"name\":\"q\",\"value\":\"1\"}]}}}}");
        for (String action : List.of("set", "stop", "resume")) {
            assertThat(api.send(
                                    "PUT",
                                    WORKFLOWS + "/held-up/" + action,
                                    "{\"nodeFieldSelector\":\"displayName=other\",\"phase\":\"Succeeded\"}")
                            .body())
                    .contains("no suspend nodes matching nodeFieldSelector: displayName=other");
            assertThat(api.send("PUT", WORKFLOWS + "/held-up/" + action, "{\"nodeFieldSelector\":\"approve\"}")
                            .statusCode())
                    .isEqualTo(400);
        }
        assertThat(set("x")).contains("node is not expecting output parameter 'x'");
        assertThat(set("q")).contains("cannot set output parameter 'q'");
        assertThat(api.send("PUT", WORKFLOWS + "/held-up/set", "{}").body()).contains("use a node field selector");
        for (String resume : List.of("{}", "{\"nodeFieldSelector\":\"displayName=approve\"}")) {
            assertThat(api.send("PUT", WORKFLOWS + "/held-up/resume", resume).body())
                    .contains("raw output parameter 'p' has not been set and does not have a default value");
        }
    }

    private String set(String parameter) {
        return api.send(
                        "PUT",
                        WORKFLOWS + "/held-up/set",
                        "{\"nodeFieldSelector\":\"displayName=approve\",\"outputParameters\":\"{\\\"" + parameter
                                + "\\\":\\\"1\\\"}\"}")
                .body();
    }

    @Test
    void keepsLimitsInConfigMaps() {
        String sync = "/api/v1/sync/argo";
        String limit = "{\"cmName\":\"limits\",\"key\":\"k\",\"limit\":2,\"type\":\"CONFIGMAP\"}";
        assertThat(api.ok("POST", sync, limit).path("limit").asInt()).isEqualTo(2);
        assertThat(api.send("POST", sync, limit).statusCode()).isEqualTo(409);
        assertThat(api.ok("PUT", sync + "/k", "{\"cmName\":\"limits\",\"limit\":3}")
                        .path("limit")
                        .asInt())
                .isEqualTo(3);
        assertThat(api.get(sync + "/k?cmName=limits&type=CONFIGMAP")
                        .path("limit")
                        .asInt())
                .isEqualTo(3);
        assertThat(api.send("PUT", sync + "/k", "{\"cmName\":\"limits\",\"limit\":0}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(api.send("GET", sync + "/k?cmName=limits&type=ETCD", "").statusCode())
                .isEqualTo(400);
        api.ok("DELETE", sync + "/k?cmName=limits", "");
        assertThat(api.send("GET", sync + "/k?cmName=limits", "").statusCode()).isEqualTo(404);
    }

    @Test
    void keepsLimitsOfTheDatabaseWhereTheControllerReadsThem() {
        String sync = "/api/v1/sync/argo";
        String limit = "{\"key\":\"d\",\"limit\":2,\"type\":\"DATABASE\"}";
        JsonNode created = api.ok("POST", sync, limit);
        assertThat(created.path("type").asText()).isEqualTo("DATABASE");
        assertThat(created.has("cmName")).isFalse();
        assertThat(api.send("POST", sync, limit).body()).contains("already exists in namespace");
        assertThat(api.get(sync + "/d?cmName=workflow-sync-limits")
                        .path("limit")
                        .asInt())
                .isEqualTo(2);
        api.ok("PUT", sync + "/d", "{\"limit\":3,\"type\":1}");
        assertThat(api.get(sync + "/d?type=DATABASE").path("limit").asInt()).isEqualTo(3);
        api.ok("DELETE", sync + "/d?type=DATABASE", "");
        assertThat(api.send("GET", sync + "/d?type=DATABASE", "").statusCode()).isEqualTo(404);
    }

    @Test
    void submitsFromATemplate() {
        String template = "{\"metadata\":{\"name\":\"tmpl\"},\"spec\":{\"entrypoint\":\"main\",\"arguments\":"
                + "{\"parameters\":[{\"name\":\"p\",\"value\":\"0\"}]},"
                + "\"templates\":[{\"name\":\"main\",\"container\":{\"image\":\"alpine\",\"command\":[\"true\"]}}]}}";
        JsonNode created = api.ok("POST", "/api/v1/workflow-templates/argo", "{\"template\":" + template + "}");
        JsonNode submitted = api.ok(
                "POST",
                WORKFLOWS + "/submit",
                "{\"resourceKind\":\"WorkflowTemplate\",\"resourceName\":\"tmpl\",\"submitOptions\":"
                        + "{\"parameters\":[\"p=1\"],\"labels\":\"x=y\",\"generateName\":\"from-\"}}");
        assertThat(submitted.path("metadata").path("name").asText()).startsWith("from-");
        assertThat(submitted
                        .path("spec")
                        .path("workflowTemplateRef")
                        .path("name")
                        .asText())
                .isEqualTo("tmpl");
        assertThat(submitted.path("metadata").path("labels").path("x").asText()).isEqualTo("y");

        JsonNode update = created.deepCopy();
        api.ok("PUT", "/api/v1/workflow-templates/argo/tmpl", "{\"template\":" + update + "}");
        HttpResponse<String> blind =
                api.send("PUT", "/api/v1/workflow-templates/argo/tmpl", "{\"template\":" + template + "}");
        assertThat(blind.body()).contains("metadata.resourceVersion");
        assertThat(api.get("/api/v1/workflow-templates/argo?namePattern=tm").path("items"))
                .hasSize(1);
        assertThat(api.ok("DELETE", "/api/v1/workflow-templates/argo/tmpl", "")).isEmpty();
        assertThat(api.send("DELETE", "/api/v1/workflow-templates/argo/tmpl", "")
                        .statusCode())
                .isEqualTo(404);
        assertThat(api.send("POST", WORKFLOWS + "/submit", "{\"resourceKind\":\"Pod\"}")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void suspendsAndResumesCronWorkflows() {
        String cron = "{\"metadata\":{\"name\":\"nightly\"},\"spec\":{\"schedules\":[\"0 0 * * *\"],\"workflowSpec\":"
                + "{\"entrypoint\":\"main\",\"templates\":[{\"name\":\"main\",\"container\":{\"image\":\"alpine\","
                + "\"command\":[\"true\"]}}]}}}";
        api.ok("POST", "/api/v1/cron-workflows/argo", "{\"cronWorkflow\":" + cron + "}");
        JsonNode suspended = api.ok("PUT", "/api/v1/cron-workflows/argo/nightly/suspend", "{}");
        assertThat(suspended.path("spec").path("suspend").asBoolean()).isTrue();
        JsonNode resumed = api.ok("PUT", "/api/v1/cron-workflows/argo/nightly/resume", "{}");
        assertThat(resumed.path("spec").path("suspend").asBoolean()).isFalse();
        JsonNode submitted = api.ok(
                "POST", WORKFLOWS + "/submit", "{\"resourceKind\":\"CronWorkflow\",\"resourceName\":\"nightly\"}");
        assertThat(submitted
                        .path("metadata")
                        .path("labels")
                        .path("workflows.argoproj.io/cron-workflow")
                        .asText())
                .isEqualTo("nightly");
    }

    @Test
    void tellsWhatItIs() {
        assertThat(api.get("/api/v1/version").path("version").asText()).startsWith("v4.1.2");
        assertThat(api.get("/api/v1/info").path("modals").isObject()).isTrue();
        assertThat(api.get("/api/v1/userinfo").isObject()).isTrue();
        HttpResponse<String> unknown = api.send("GET", "/api/v1/no-such-thing", "");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(api.tree(unknown).path("code").asInt()).isEqualTo(5);
    }

    private JsonNode spec(String name) {
        return api.get(WORKFLOWS + "/" + name).path("spec");
    }
}
