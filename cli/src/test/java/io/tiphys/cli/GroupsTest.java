package io.tiphys.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands behind a word: templates, cron workflows, the archive, nodes. */
@Timeout(30)
class GroupsTest {
    private static final String CRONS = "/api/v1/cron-workflows/default";
    private static final String CRON = """
            {"metadata":{"name":"tick","namespace":"default","creationTimestamp":"2026-01-01T00:00:00Z","resourceVersion":"7"},
            "spec":{"schedules":["0 * * * *"],"timezone":"UTC","workflowSpec":{"entrypoint":"main",
            "arguments":{"parameters":[{"name":"a","value":"1"}]}}},
            "status":{"lastScheduledTime":"2026-01-01T01:00:00Z","active":[{"name":"tick-1"}]}}""";

    @TempDir
    Path directory;

    private FakeArgo argo;
    private String out = "";
    private String err = "";

    @BeforeEach
    void start() throws IOException {
        argo = new FakeArgo();
        argo.answers.put("GET " + CRONS, tree("{\"items\":[" + CRON + "]}"));
        argo.answers.put("GET " + CRONS + "/tick", tree(CRON));
    }

    @AfterEach
    void stop() {
        argo.close();
    }

    private int tiphys(String... args) {
        StringWriter standardOut = new StringWriter();
        StringWriter standardErr = new StringWriter();
        Terminal terminal = new Terminal(new PrintWriter(standardOut), new PrintWriter(standardErr), false, false);
        Map<String, String> environment = Map.of("ARGO_SERVER", argo.url());
        int exitCode = Tiphys.run(
                new Session(terminal, new ByteArrayInputStream(CRON.getBytes(StandardCharsets.UTF_8)), environment),
                args);
        out = standardOut.toString();
        err = standardErr.toString();
        return exitCode;
    }

    private static JsonNode tree(String json) throws IOException {
        return Json.parse(json);
    }

    @Test
    void listsAndShowsCronWorkflows() {
        assertThat(tiphys("cron", "list")).isZero();
        assertThat(out.lines().findFirst().orElse("").replaceAll(" +", " "))
                .isEqualTo("NAME AGE LAST RUN NEXT RUN SCHEDULES TIMEZONE SUSPENDED");
        assertThat(out).contains("tick").contains("0 * * * *").contains("false");
        assertThat(tiphys("cron", "list", "-o", "name", "-n", "default")).isZero();
        assertThat(out).isEqualTo("tick\n");

        assertThat(tiphys("cron", "get", "tick")).isZero();
        assertThat(out).contains("Name:").contains("NextScheduledTime:").contains("tick-1");
        assertThat(tiphys("cron", "get", "tick", "-o", "json")).isZero();
        assertThat(out).contains("\"schedules\"");
        assertThat(tiphys("cron", "get", "nobody")).isEqualTo(2);
    }

    @Test
    void switchesCronWorkflows() throws IOException {
        argo.answers.put("PUT " + CRONS + "/tick/suspend", tree(CRON));
        argo.answers.put("PUT " + CRONS + "/tick/resume", tree(CRON));
        argo.answers.put("DELETE " + CRONS + "/tick", tree("{}"));

        assertThat(tiphys("cron", "suspend", "tick")).isZero();
        assertThat(out).isEqualTo("cronworkflow/tick suspended\n");
        assertThat(tiphys("cron", "resume", "tick")).isZero();
        assertThat(out).isEqualTo("cronworkflow/tick resumed\n");
        assertThat(tiphys("cron", "delete", "--all")).isZero();
        assertThat(out).isEqualTo("cronworkflow/tick deleted\n");
        assertThat(tiphys("cron", "delete")).isEqualTo(2);
    }

    @Test
    void createsAndReplacesOneKindOnly() throws IOException {
        String file = Files.writeString(
                        directory.resolve("cron.yaml"),
                        "apiVersion: argoproj.io/v1alpha1\nkind: CronWorkflow\nmetadata: {name: tick}\nspec: {}\n")
                .toString();
        argo.answers.put("PUT " + CRONS + "/tick", tree(CRON));

        assertThat(tiphys("cron", "create", file)).isZero();
        assertThat(out).isEqualTo("cronworkflow/tick created\n");
        assertThat(tiphys("cron", "update", file)).isZero();
        assertThat(argo.requests)
                .anyMatch(request -> request.startsWith("PUT " + CRONS + "/tick {")
                        && request.contains("\"resourceVersion\":\"7\""));
        assertThat(tiphys("template", "create", file)).isEqualTo(2);
        assertThat(err).contains("is a CronWorkflow, not a WorkflowTemplate");
        assertThat(tiphys("cluster-template")).isEqualTo(2);
        assertThat(tiphys("cron", "--help")).isZero();
        assertThat(out).contains("backfill");
    }

    @Test
    void runsACronWorkflowForTimesThatArePast() throws IOException {
        assertThat(tiphys(
                        "cron",
                        "backfill",
                        "tick",
                        "--name",
                        "again",
                        "--start",
                        "2026-01-02",
                        "--end",
                        "Fri, 02 Jan 2026 03:30:00 GMT"))
                .isZero();

        assertThat(out).contains("3 times").contains("workflow/backfill-wf-x1");
        JsonNode workflow = argo.workflows.getOrDefault("backfill-wf-x1", Json.object());
        assertThat(workflow.path("metadata")
                        .path("labels")
                        .path("workflows.argoproj.io/backfill")
                        .asText())
                .isEqualTo("tick");
        JsonNode templates = workflow.path("spec").path("templates");
        assertThat(templates
                        .get(0)
                        .path("steps")
                        .get(0)
                        .get(0)
                        .path("withParam")
                        .asText())
                .isEqualTo("[\"2026-01-02 01:00:00 +0000 UTC\",\"2026-01-02 02:00:00 +0000 UTC\","
                        + "\"2026-01-02 03:00:00 +0000 UTC\"]");
        assertThat(templates.get(1).path("resource").path("manifest").asText())
                .contains("generateName: tick-backfill-again-")
                .contains("cronScheduleTime")
                .contains("{{inputs.parameters.backfillscheduletime}}")
                .contains("mutexes");
        assertThat(tiphys("cron", "backfill", "tick", "--start", "soon")).isEqualTo(2);
        assertThat(tiphys(
                        "cron",
                        "backfill",
                        "tick",
                        "--start",
                        "02/01/2026",
                        "--end",
                        "02/01/2026",
                        "--format",
                        "02/01/2006"))
                .isZero();
        assertThat(out).contains("There is no suitable scheduling time.");
    }

    @Test
    void reachesTheArchive() throws IOException {
        String item = "{\"metadata\":{\"name\":\"old\",\"uid\":\"u1\"},\"status\":{\"phase\":\"Failed\"}}";
        argo.answers.put("GET /api/v1/archived-workflows", tree("{\"items\":[" + item + "]}"));
        argo.answers.put("GET /api/v1/archived-workflows/u1", tree(item));
        argo.answers.put("DELETE /api/v1/archived-workflows/u1", tree("{}"));
        argo.answers.put("PUT /api/v1/archived-workflows/u1/retry", tree(item));
        argo.answers.put("PUT /api/v1/archived-workflows/u1/resubmit", tree(item));
        argo.answers.put("GET /api/v1/archived-workflows-label-keys", tree("{\"items\":[\"k\"]}"));
        argo.answers.put("GET /api/v1/archived-workflows-label-values", tree("{\"items\":[\"v\"]}"));

        assertThat(tiphys("archive", "list")).isZero();
        assertThat(out).contains("old").contains("u1").contains("Failed");
        assertThat(tiphys("archive", "get", "u1")).isZero();
        assertThat(tiphys("archive", "retry", "u1", "-p", "a=b")).isZero();
        assertThat(out).isEqualTo("archived workflow u1 runs again as workflow/old\n");
        assertThat(tiphys("archive", "resubmit", "u1", "--memoized")).isZero();
        assertThat(argo.requests).anyMatch(request -> request.contains("\"memoized\":true"));
        assertThat(tiphys("archive", "list-label-keys")).isZero();
        assertThat(out).isEqualTo("k\n");
        assertThat(tiphys("archive", "list-label-values", "-l", "k")).isZero();
        assertThat(out).isEqualTo("v\n");
        assertThat(tiphys("archive", "delete", "u1")).isZero();
    }

    @Test
    void setsWhatANodeReports() {
        argo.workflow("w", "Running");
        assertThat(tiphys(
                        "node",
                        "set",
                        "w",
                        "--node-field-selector",
                        "displayName=approve",
                        "--phase",
                        "Succeeded",
                        "-p",
                        "answer=yes"))
                .isZero();
        assertThat(out).isEqualTo("workflow/w values set\n");
        assertThat(argo.requests)
                .anyMatch(request -> request.startsWith("PUT /api/v1/workflows/default/w/set {")
                        && request.contains("\"outputParameters\":\"{\\\"answer\\\":\\\"yes\\\"}\""));
        assertThat(tiphys("node", "set", "w", "--node-field-selector", "displayName=approve"))
                .isEqualTo(2);
    }

    @Test
    void choosesWorkflowsByAgeAndName() {
        argo.workflow("a-1", "Succeeded");
        argo.workflow("b-1", "Running");

        assertThat(tiphys("list", "--prefix", "a-", "-o", "name")).isZero();
        assertThat(out).isEqualTo("a-1\n");
        assertThat(tiphys("delete", "--prefix", "a-", "--dry-run")).isZero();
        assertThat(out).isEqualTo("workflow/a-1 would be deleted\n");
        assertThat(argo.workflows).containsKey("a-1");
        assertThat(tiphys("list", "--older", "soon")).isEqualTo(2);
    }

    @Test
    void showsLifecycleRules() throws IOException {
        argo.answers.put("GET /artifact-rules/default", tree("""
                {"store":"oss://tiphys","rules":[{"id":"mine","prefix":"logs/","enabled":true,"expireAfterDays":30,
                "moves":[{"afterDays":1,"to":"INFREQUENT_ACCESS"}],"abortUploadsAfterDays":null}]}"""));

        assertThat(tiphys("artifact", "rules")).isZero();

        assertThat(out.lines().map(line -> line.replaceAll(" +", " ").strip()))
                .containsExactly(
                        "ID PREFIX ENABLED DOES",
                        "mine logs/ yes to infrequent access after 1 day, deleted after 30 days");
    }

    @Test
    void listsOrphansAndDeletesThemWhenTold() throws IOException {
        String object = """
                {"key":"gone/out.tgz","sizeBytes":3,"modified":"2026-11-20T10:00:00Z","deleted":%s},""";
        String total = """
                {"total":{"store":"oss://tiphys","prefix":"","objectsSeen":9,"uploadsSeen":1}}]""";
        argo.answers.put("GET /artifact-orphans/default", tree("[" + object.formatted("false") + """
                {"key":"gone/big","uploadId":"u1","begun":"2026-11-20T10:00:00Z","deleted":false},""" + total));

        assertThat(tiphys("artifact", "orphans", "--older-than", "2d", "--prefix", "a"))
                .isZero();
        assertThat(out.lines())
                .containsExactly(
                        "gone/out.tgz  (3 bytes of 2026-11-20T10:00:00Z)",
                        "gone/big  (upload u1 begun 2026-11-20T10:00:00Z)");
        assertThat(err).contains("1 objects (3 bytes) and 1 uploads, of 9 and 1 in oss://tiphys/");
        assertThat(tiphys("artifact", "orphans", "-o", "json")).isZero();
        assertThat(tree(out).at("/items/1/uploadId").asText()).isEqualTo("u1");

        argo.answers.put("POST /artifact-orphans/default/delete", tree("[" + object.formatted("true") + """
                {"key":"held","sizeBytes":1,"modified":"2026-11-20T10:00:00Z","deleted":false,"error":"denied"},""" + total));
        assertThat(tiphys("artifact", "orphans", "--delete")).isEqualTo(ExitCode.ARTIFACT_DAMAGED);
        assertThat(out)
                .contains("out.tgz  (3 bytes of 2026-11-20T10:00:00Z)  deleted")
                .contains("denied");

        argo.answers.put("GET /artifact-orphans/default", tree("[{\"error\":\"the archive is away\"}]"));
        assertThat(tiphys("artifact", "orphans")).isEqualTo(ExitCode.INVALID);
        assertThat(err).contains("the archive is away");
        argo.answers.put("GET /artifact-orphans/default", tree("[{\"key\":\"cut\"}]"));
        assertThat(tiphys("artifact", "orphans")).isEqualTo(ExitCode.NOT_REACHABLE);
    }

    @Test
    void listsDeletionsThatWereGivenUpAndHasThemTriedAgain() throws IOException {
        argo.answers.put("GET /artifact-deletions/default", tree("""
                {"items":[{"id":7,"workflow":"w","artifact":"file","kind":"oss","bucket":"b","key":"w/file","attempts":20,
                "deadAt":"2026-11-22T10:00:00Z","reason":"denied"}],"more":false}"""));
        assertThat(tiphys("artifact", "gc")).isZero();
        assertThat(out.lines().map(line -> line.replaceAll(" +", " ").strip()))
                .containsExactly(
                        "ID WORKFLOW ARTIFACT KEY ATTEMPTS GIVEN UP REASON",
                        "7 w file oss://b/w/file 20 2026-11-22T10:00:00Z denied");

        argo.answers.put("POST /artifact-deletions/default/retry", tree("{\"queued\":1}"));
        assertThat(tiphys("artifact", "gc", "7", "--retry")).isZero();
        assertThat(out).isEqualTo("1 deletion is tried again\n");
        assertThat(tiphys("artifact", "gc", "7")).isEqualTo(ExitCode.INVALID);
    }

    @Test
    void verifiesTheOutputsOfPodsAndFailsForADamagedOne() throws IOException {
        argo.answers.put("GET /api/v1/workflows/default/w", tree("""
                {"metadata":{"name":"w","namespace":"default"},"status":{"nodes":{
                "w":{"id":"w","type":"Steps","outputs":{"artifacts":[{"name":"one"}]}},
                "w-1":{"id":"w-1","type":"Pod","outputs":{"artifacts":[{"name":"one"},{"name":"gone","deleted":true},{"name":"two"}]}}}}}"""));
        argo.answers.put(
                "GET /artifact-checks/default/w/w-1/one",
                tree("{\"key\":\"k/one\",\"objects\":1,\"sizeBytes\":3,\"withoutSum\":0,\"problems\":[]}"));
        argo.answers.put("GET /artifact-checks/default/w/w-1/two", tree("""
                {"key":"k/two","objects":1,"sizeBytes":3,"withoutSum":0,"problems":[{"key":"k/two","message":"is not there"}]}"""));

        assertThat(tiphys("artifact", "verify", "w")).isEqualTo(ExitCode.ARTIFACT_DAMAGED);

        assertThat(out.lines().map(line -> line.replaceAll(" +", " ").strip()))
                .containsExactly("NODE ARTIFACT OBJECTS BYTES STATE", "w-1 one 1 3 good", "w-1 two 1 3 bad");
        assertThat(err).contains("k/two is not there");
    }
}
