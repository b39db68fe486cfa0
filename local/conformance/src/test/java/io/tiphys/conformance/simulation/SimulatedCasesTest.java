package io.tiphys.conformance.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.conformance.suite.CaseFolder;
import io.tiphys.conformance.suite.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatedCasesTest {
    private static final Verdict PASS = new Verdict.Pass();

    private static final String SIMPLE = """
            apiVersion: argoproj.io/v1alpha1
            kind: Workflow
            metadata: {name: wf}
            spec:
              entrypoint: main
              arguments: {parameters: [{name: p%s}]}
              templates: [{name: main, container: {image: busybox}}]
            """;

    @TempDir
    @SuppressWarnings("NullAway") // JUnit sets it
    private Path folder;

    private Verdict verdict(String mode, String fields, String yaml) throws IOException {
        Files.createDirectories(folder.resolve("yaml"));
        Files.writeString(folder.resolve("yaml/a.yaml"), yaml);
        Files.writeString(
                folder.resolve("cases.json"), "[{\"id\": \"a\", \"mode\": \"%s\", %s}]".formatted(mode, fields));
        CaseFolder cases = CaseFolder.read(folder);
        SimulatedCases simulated = new SimulatedCases(cases);
        var only = cases.cases().getFirst();
        return mode.equals("reconcile") ? simulated.reconcile(only) : simulated.submit(only);
    }

    private Verdict reconciled(String phase, String yaml) throws IOException {
        return verdict("reconcile", "\"expected_phase\": \"" + phase + "\"", yaml);
    }

    @Test
    void aNewWorkflowIsCheckedBeforeItRuns() throws IOException {
        assertThat(reconciled("Failed", SIMPLE.formatted(""))).isEqualTo(PASS);
        assertThat(reconciled("Running", SIMPLE.formatted(", value: v"))).isEqualTo(PASS);
    }

    @Test
    void argumentsMayFollowWithTheSubmission() throws IOException {
        assertThat(verdict(
                        "submit",
                        "\"expected_phase\": \"Succeeded\", \"action\": \"submit with parameter p=1\"",
                        SIMPLE.formatted("")))
                .isEqualTo(PASS);
        assertThat(verdict("submit", "\"expected_phase\": \"Failed\"", SIMPLE.formatted("")))
                .isEqualTo(PASS);
    }

    @Test
    void parametersComeOnlyFromConfigMapsThatSaySo() throws IOException {
        String map = """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: settings%s}
                data: {k: v}
                ---
                """;
        String workflow = SIMPLE.formatted(", valueFrom: {configMapKeyRef: {name: settings, key: k}}");
        assertThat(reconciled("Failed", map.formatted("") + workflow)).isEqualTo(PASS);
        assertThat(reconciled(
                        "Running",
                        map.formatted(", labels: {workflows.argoproj.io/configmap-type: Parameter}") + workflow))
                .isEqualTo(PASS);
    }

    private static final String MEMOIZED = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: cache%s}
            data:
              k: '{"nodeID": "wf-1", "outputs": {}, "creationTimestamp": "2026-01-01T00:00:00Z"}'
            ---
            apiVersion: argoproj.io/v1alpha1
            kind: Workflow
            metadata: {name: wf}
            spec:
              entrypoint: main
              templates:
              - name: main
                memoize: {key: k, cache: {configMap: {name: cache}}}
                container: {image: busybox}
            """;

    @Test
    void cachesHaveWhatTheirConfigMapsHold() throws IOException {
        String label = ", labels: {workflows.argoproj.io/configmap-type: Cache}";
        assertThat(reconciled("Succeeded", MEMOIZED.formatted(label))).isEqualTo(PASS);
        assertThat(reconciled("Error", MEMOIZED.formatted(""))).isEqualTo(PASS);
    }

    @Test
    void whatRanAndIsToFailHasNoPodAnyMore() throws IOException {
        String running = """
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: wf}
                spec: {entrypoint: main, templates: [{name: main, container: {image: busybox}}]}
                status:
                  phase: Running
                  startedAt: "2026-01-01T00:00:00Z"
                  nodes:
                    wf: {id: wf, name: wf, type: Pod, phase: Running, templateName: main, startedAt: "2026-01-01T00:00:00Z"}
                """;
        assertThat(reconciled("Error", running)).isEqualTo(PASS);
        assertThat(reconciled("Running", running)).isEqualTo(PASS);
    }

    @Test
    void podsEndAsTheCaseDoes() throws IOException {
        String manifest = SIMPLE.formatted(", value: v");
        assertThat(reconciled("Succeeded", manifest)).isEqualTo(PASS);
        assertThat(reconciled("Failed", manifest)).isEqualTo(PASS);
        assertThat(reconciled("Running", manifest)).isEqualTo(PASS);
    }
}
