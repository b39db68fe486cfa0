package io.tiphys.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class TiphysTest {
    private static final String HELLO = """
            apiVersion: argoproj.io/v1alpha1
            kind: Workflow
            metadata:
              generateName: hello-
            spec:
              entrypoint: main
              arguments:
                parameters:
                  - name: who
                    value: world
              templates:
                - name: main
                  container:
                    image: alpine
                    command: [echo, "{{workflow.parameters.who}}"]
            """;

    @TempDir
    Path directory;

    private FakeArgo argo;
    private String out = "";
    private String err = "";

    @BeforeEach
    void start() throws IOException {
        argo = new FakeArgo();
        Files.writeString(
                directory.resolve("instance.json"),
                "{\"namespace\":\"default\",\"urls\":{\"api\":\"" + argo.url() + "\"}}");
    }

    @AfterEach
    void stop() {
        argo.close();
    }

    private int tiphys(String... args) {
        return tiphys(Map.of("TIPHYS_HOME", directory.toString()), "", args);
    }

    private int tiphys(Map<String, String> environment, String input, String... args) {
        StringWriter standardOut = new StringWriter();
        StringWriter standardErr = new StringWriter();
        Terminal terminal = new Terminal(new PrintWriter(standardOut), new PrintWriter(standardErr), false, false);
        int exitCode = Tiphys.run(
                new Session(terminal, new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), environment),
                args);
        out = standardOut.toString();
        err = standardErr.toString();
        return exitCode;
    }

    private String file(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content).toString();
    }

    @Test
    void submitCreatesWhatIsInTheFile() throws IOException {
        assertThat(tiphys("submit", file("hello.yaml", HELLO), "-p", "who=Argo", "-p", "more=x=y", "-o", "name"))
                .isZero();
        assertThat(out).isEqualTo("hello-x1\n");
        assertThat(argo.workflows
                        .getOrDefault("hello-x1", Json.object())
                        .path("spec")
                        .path("arguments")
                        .toString())
                .isEqualTo(
                        "{\"parameters\":[{\"name\":\"who\",\"value\":\"Argo\"},{\"name\":\"more\",\"value\":\"x=y\"}]}");
    }

    @Test
    void dryRunsAndFilesOfParameters() throws IOException {
        String manifest = file("hello.yaml", HELLO);
        String parameters = file("args.yaml", "who: file\nitems: [1, 2]\n");
        assertThat(tiphys("submit", manifest, "-f", parameters, "--priority", "3", "--dry-run"))
                .isZero();
        assertThat(out).contains("value: file").contains("[1,2]").contains("priority: 3");
        assertThat(argo.requests).isEmpty();
        assertThat(tiphys("submit", manifest, "-f", parameters, "-p", "who=line", "--server-dry-run"))
                .isZero();
        assertThat(argo.requests)
                .anyMatch(request -> request.contains("\"serverDryRun\":true") && request.contains("\"line\""));
        assertThat(tiphys("submit", manifest, "--dry-run", "--wait")).isEqualTo(2);
    }

    @Test
    void submitReadsStandardInput() {
        assertThat(tiphys(Map.of("ARGO_SERVER", argo.url()), HELLO, "submit", "-"))
                .isZero();
        assertThat(out).isEqualTo("workflow/hello-x1 created\n");
    }

    @Test
    void nothingIsCreatedIfOneFileIsBad() throws IOException {
        assertThat(tiphys("submit", file("a.yaml", HELLO), file("b.yaml", "kind: [")))
                .isEqualTo(2);
        assertThat(err).contains("b.yaml: ");
        assertThat(tiphys("submit", file("a.yaml", HELLO), file("c.yaml", "kind: Pod")))
                .isEqualTo(2);
        assertThat(err).contains("kind \"Pod\" can't be submitted; known: Workflow, ");
        assertThat(tiphys("submit", file("a.yaml", HELLO), "nosuch.yaml")).isEqualTo(2);
        assertThat(err).isEqualTo("tiphys: nosuch.yaml: no such file\n");
        assertThat(argo.requests).isEmpty();
    }

    @Test
    void invalidManifestsAreTheServersToRefuse() throws IOException {
        assertThat(tiphys("submit", file("a.yaml", HELLO.replace("  entrypoint: main\n", ""))))
                .isEqualTo(2);
        assertThat(err).isEqualTo("tiphys: spec.entrypoint: is required\n");
    }

    @Test
    void templatesGoToTheirOwnPaths() throws IOException {
        String both = "kind: WorkflowTemplate\nmetadata: {name: t}\n---\nkind: CronWorkflow\nmetadata: {name: c}\n";
        assertThat(tiphys("submit", file("t.yaml", both))).isZero();
        assertThat(out).isEqualTo("workflowtemplate/t created\ncronworkflow/c created\n");
        assertThat(argo.requests).anyMatch(r -> r.startsWith("POST /api/v1/workflow-templates/default {"));
        assertThat(argo.requests).anyMatch(r -> r.startsWith("POST /api/v1/cron-workflows/default {"));
        assertThat(tiphys("submit", file("t.yaml", both), "--wait")).isEqualTo(2);
    }

    @Test
    void waitingEndsWithTheWorkflow() throws IOException {
        argo.laterStates.put(
                "hello-x1", List.of(argo.workflow("hello-x1", "Running"), argo.workflow("hello-x1", "Succeeded")));
        argo.laterStates.put("hello-x2", List.of(failed("hello-x2")));
        argo.workflows.clear();
        assertThat(tiphys("submit", "--wait", file("hello.yaml", HELLO))).isZero();
        assertThat(out).isEqualTo("✔ hello-x1 Succeeded in 12s\n");
        assertThat(tiphys("submit", "--wait", file("hello.yaml", HELLO))).isEqualTo(1);
        assertThat(out).isEqualTo("✖ hello-x2 Failed in 12s: child failed\n");
        assertThat(argo.requests)
                .filteredOn(request -> request.startsWith("GET "))
                .isNotEmpty()
                .as("without nodes, which a workflow may have a hundred thousand of")
                .allMatch(request -> request.contains("fields=") && request.contains("status.phase"));
    }

    private ObjectNode failed(String name) {
        ObjectNode workflow = argo.workflow(name, "Failed");
        ((ObjectNode) workflow.path("status")).put("message", "child failed");
        return workflow;
    }

    @Test
    void watchPrintsALineForEachChangeWhenPiped() {
        ObjectNode running = argo.workflow("w", "Running");
        FakeArgo.node(running, "w", "w", "Steps", "Running", "");
        FakeArgo.node(running, "w-1", "w[0].a", "Pod", "Running", "w");
        ObjectNode done = running.deepCopy();
        ((ObjectNode) done.path("status").path("nodes").path("w-1")).put("phase", "Succeeded");
        ((ObjectNode) done.path("status")).put("phase", "Succeeded").put("finishedAt", "2026-11-22T10:00:13Z");
        argo.laterStates.put("w", List.of(done));
        assertThat(tiphys("watch", "w")).isZero();
        assertThat(out).endsWith("✔ a  Succeeded  3s\n✔ w  Succeeded  12s\n");
    }

    @Test
    void deletedWorkflowsEndTheWait() {
        assertThat(tiphys("wait", "nobody")).isEqualTo(2);
        assertThat(err).isEqualTo("tiphys: workflows.argoproj.io \"nobody\" not found\n");
    }

    @Test
    void getShowsATree() {
        ObjectNode workflow = failed("w");
        ObjectNode root = FakeArgo.node(workflow, "w", "w", "Steps", "Failed", "");
        ObjectNode first = FakeArgo.node(workflow, "w-1", "w[0]", "StepGroup", "Succeeded", "w");
        ObjectNode second = FakeArgo.node(workflow, "w-2", "w[1]", "StepGroup", "Failed", "w");
        FakeArgo.node(workflow, "w-3", "w[0].one", "Pod", "Succeeded", "w");
        ObjectNode retry = FakeArgo.node(workflow, "w-4", "w[1].two", "Retry", "Failed", "w");
        FakeArgo.node(workflow, "w-5", "w[1].two(0)", "Pod", "Failed", "w").put("message", "exit code 1");
        FakeArgo.node(workflow, "w-6", "w[1].three", "Skipped", "Skipped", "w");
        ((ArrayNode) root.path("children")).add("w-1");
        ((ArrayNode) first.path("children")).add("w-3");
        ((ArrayNode) second.path("children")).add("w-4").add("w-6");
        ((ArrayNode) retry.path("children")).add("w-5");
        assertThat(tiphys("get", "w")).isZero();
        assertThat(out.substring(out.indexOf("STEP"))).isEqualTo("""
                        STEP               TEMPLATE  DURATION  MESSAGE
                        ✖ w                t         3s
                        ├─ ✔ one           t         3s
                        └─ ✖ [1]           t         3s
                           ├─ ○ three      t
                           └─ ✖ two        t         3s
                              └─ ✖ two(0)  t         3s        exit code 1
                        """);
        assertThat(out).contains("Status:      ✖ Failed\n").contains("Message:     child failed\n");
    }

    @Test
    void manySiblingsAreCounted() {
        ObjectNode workflow = argo.workflow("w", "Running");
        ObjectNode root = FakeArgo.node(workflow, "w", "w", "TaskGroup", "Running", "");
        for (int i = 0; i < 500; i++) {
            FakeArgo.node(workflow, "w-" + i, "w(" + i + ":x)", "Pod", i == 77 ? "Failed" : "Succeeded", "");
            ((ArrayNode) root.path("children")).add("w-" + i);
        }
        assertThat(tiphys("get", "w")).isZero();
        assertThat(out).contains("✖ w(77:x)").contains("└─ … 488 more:  ✔ 488 Succeeded");
        assertThat(tiphys("get", "w", "-o", "wide")).isZero();
        assertThat(out.lines().filter(line -> line.contains("✔ w("))).hasSize(499);
    }

    @Test
    void getPrintsJsonAndYaml() {
        argo.workflow("w", "Succeeded");
        assertThat(tiphys("get", "@latest", "-o", "json")).isZero();
        assertThat(out).contains("\"phase\" : \"Succeeded\"");
        assertThat(tiphys("get", "w", "-o", "yaml")).isZero();
        assertThat(out).contains("phase: Succeeded");
    }

    @Test
    void listsWorkflows() {
        argo.workflow("a", "Succeeded");
        argo.workflow("b", "Running");
        assertThat(tiphys("list")).isZero();
        assertThat(out.lines().map(line -> line.replaceAll(" +", " ")))
                .anyMatch(line -> line.startsWith("a ✔ Succeeded "));
        assertThat(tiphys("list", "-o", "name")).isZero();
        assertThat(out).isEqualTo("a\nb\n");
    }

    @Test
    void showsLogs() {
        argo.workflow("w", "Succeeded");
        assertThat(tiphys("logs", "w", "-f", "--tail", "5")).isZero();
        assertThat(out).isEqualTo("cow-1: moo\ncow-2: bye\n");
        assertThat(argo.requests)
                .anyMatch(r -> r.contains("/w/log?")
                        && r.contains("logOptions.tailLines=5")
                        && r.contains("logOptions.follow=true"));
    }

    @Test
    void asksForActions() {
        argo.workflow("w", "Running");
        assertThat(tiphys("stop", "w", "--message", "enough")).isZero();
        assertThat(out).isEqualTo("workflow/w is being stopped\n");
        assertThat(argo.requests)
                .anyMatch(r ->
                        r.startsWith("PUT /api/v1/workflows/default/w/stop {") && r.contains("\"message\":\"enough\""));
        for (String action : List.of("terminate", "suspend", "resume", "retry", "resubmit")) {
            assertThat(tiphys(action, "w")).isZero();
            assertThat(argo.requests).anyMatch(r -> r.startsWith("PUT /api/v1/workflows/default/w/" + action));
        }
        assertThat(tiphys("delete", "w")).isZero();
        assertThat(argo.workflows).isEmpty();
        assertThat(tiphys("delete")).isEqualTo(2);
    }

    @Test
    void copiesArtifacts() throws IOException {
        ObjectNode workflow = argo.workflow("w", "Succeeded");
        ObjectNode node =
                FakeArgo.node(workflow, "w", "w", "Pod", "Succeeded", "").put("displayName", "../up");
        ArrayNode artifacts = node.putObject("outputs").putArray("artifacts");
        artifacts.addObject().put("name", "art").putObject("oss").put("key", "w/w/art.tgz");
        artifacts.addObject().put("name", "gone").put("deleted", true);
        Path target = directory.resolve("out");
        assertThat(tiphys("cp", "w", target.toString())).isZero();
        assertThat(target.resolve(".._up/art/art.tgz")).hasContent("content of art");
        assertThat(argo.requests).anyMatch(r -> r.equals("GET /artifacts/default/w/w/art"));
    }

    @Test
    void copyGoesOnWhereItBrokeOff() throws IOException {
        artifactOfW();
        argo.breaksAt.addAll(List.of(3, 5));
        Path target = directory.resolve("out");

        assertThat(tiphys("cp", "w", target.toString())).isZero();

        assertThat(target.resolve("w/art/art.bin")).hasContent("content of art");
        assertThat(argo.sent).containsExactly("0-3", "3-5", "5-14");
        assertThat(filesIn(target.resolve("w/art"))).containsExactly("art.bin");
    }

    @Test
    void copyBeginsAnewWhenTheFileHasChanged() throws IOException {
        artifactOfW();
        Path folder = Files.createDirectories(directory.resolve("out/w/art"));
        Files.writeString(folder.resolve(".art.bin.tiphys-part"), "of another");
        Files.writeString(folder.resolve(".art.bin.tiphys-etag"), "\"0\"");

        assertThat(tiphys("cp", "w", directory.resolve("out").toString())).isZero();

        assertThat(folder.resolve("art.bin")).hasContent("content of art");
        assertThat(filesIn(folder)).containsExactly("art.bin");
    }

    @Test
    void copyThatKeepsBreakingOffKeepsWhatItHas() throws IOException {
        artifactOfW();
        argo.breaksAt.addAll(Collections.nCopies(20, 4));

        assertThat(tiphys("cp", "w", directory.resolve("out").toString())).isEqualTo(3);

        assertThat(err).contains("broke off at byte 4");
        assertThat(directory.resolve("out/w/art/.art.bin.tiphys-part")).hasContent("cont");
        argo.breaksAt.clear();
        assertThat(tiphys("cp", "w", directory.resolve("out").toString())).isZero();
        assertThat(argo.sent).last().isEqualTo("4-14");
        assertThat(directory.resolve("out/w/art/art.bin")).hasContent("content of art");
    }

    @Test
    void uploadGivesTheKeyThatSubmitTakes() throws IOException {
        assertThat(tiphys("artifact", "upload", "tmpl", "n", file("in.csv", "a,b")))
                .isZero();
        assertThat(out.strip()).isEqualTo("n=uploads/k");
        assertThat(argo.requests)
                .anyMatch(r -> r.startsWith("POST /upload-artifacts/default/tmpl/n ")
                        && r.contains("filename=\"in.csv\"")
                        && r.contains("\r\n\r\na,b\r\n--"));
        argo.answers.put("POST /api/v1/workflows/default/submit", argo.workflow("new", "Pending"));
        assertThat(tiphys("submit", "--from", "workflowtemplate/tmpl", "--artifact", "n=uploads/k"))
                .isZero();
        assertThat(argo.requests).anyMatch(r -> r.contains("\"artifacts\":[\"n=uploads/k\"]"));
        assertThat(tiphys("submit", "--artifact", "n=k", file("w.yaml", HELLO))).isEqualTo(2);
    }

    private void artifactOfW() {
        ObjectNode node = FakeArgo.node(argo.workflow("w", "Succeeded"), "w", "w", "Pod", "Succeeded", "");
        node.putObject("outputs")
                .putArray("artifacts")
                .addObject()
                .put("name", "art")
                .putObject("oss")
                .put("key", "w/art.bin");
    }

    private static List<String> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void lintsFilesAndDirectories() throws IOException {
        Files.createDirectory(directory.resolve("manifests"));
        file("manifests/good.yaml", HELLO);
        assertThat(tiphys("lint", "--offline", directory.resolve("manifests").toString()))
                .isZero();
        file("manifests/bad.yaml", HELLO.replace("entrypoint: main", "entrypoint: nobody"));
        assertThat(tiphys("lint", "--offline", directory.resolve("manifests").toString()))
                .isEqualTo(2);
        assertThat(out).contains("✖ ").contains("spec.entrypoint").contains("✔ ");
        assertThat(tiphys("lint", "--offline", "-o", "json", file("broken.yaml", "a: [")))
                .isEqualTo(2);
        assertThat(Json.parse(out).path(0).path("problems").path(0).path("line").asInt())
                .isEqualTo(1);
    }

    @Test
    void lintReportsProblemsAsJson() throws IOException {
        Files.createDirectory(directory.resolve("set"));
        file("set/a.yaml", """
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {generateName: a-}
                spec: {workflowTemplateRef: {name: shared}}
                """);
        file("set/b.yaml", """
                apiVersion: argoproj.io/v1alpha1
                kind: WorkflowTemplate
                metadata: {name: shared}
                spec:
                  entrypoint: main
                  templates: [{name: main, suspend: {}}]
                """);
        file("set/c.yaml", HELLO.replace("entrypoint: main", "entrypoint: nobody\n  parallelism: many"));

        assertThat(tiphys(
                        "lint",
                        "--offline",
                        "-o",
                        "json",
                        directory.resolve("set").toString()))
                .isEqualTo(2);
        assertThat(Json.parse(out)).hasSize(3);
        assertThat(Json.parse(out).get(0).get("problems")).isEmpty();
        assertThat(Json.parse(out).get(0).get("file").asText()).endsWith("a.yaml");
        assertThat(Json.parse(out).get(2).get("problems").get(0).get("path").asText())
                .isEqualTo("spec.parallelism");
        assertThat(tiphys("lint", "--offline", directory.resolve("set/a.yaml").toString()))
                .isEqualTo(2);
    }

    @Test
    void saysWhyThereIsNoServer() {
        assertThat(tiphys("--home", directory.resolve("none").toString(), "list"))
                .isEqualTo(3);
        assertThat(err).startsWith("tiphys: no Tiphys runs in ").contains("tiphys up");
        argo.close();
        assertThat(tiphys("list")).isEqualTo(3);
        assertThat(err).contains("is not reachable").hasLineCount(1);
    }

    @Test
    void wrongUsageEndsWithTwo() {
        assertThat(tiphys()).isEqualTo(2);
        assertThat(tiphys("submti")).isEqualTo(2);
        assertThat(err).contains("submit");
        assertThat(tiphys("get")).isEqualTo(2);
        assertThat(tiphys("list", "--server", "not a url")).isEqualTo(2);
        assertThat(tiphys("submit")).isEqualTo(2);
        assertThat(tiphys("--help")).isZero();
    }
}
