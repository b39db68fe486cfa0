package io.tiphys.conformance.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Manifest;
import io.tiphys.api.Manifests;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaseFolderTest {
    private static final String WORKFLOW = """
            apiVersion: argoproj.io/v1alpha1
            kind: Workflow
            metadata: {generateName: a-}
            spec: {entrypoint: a}
            """;

    @TempDir
    @SuppressWarnings("NullAway") // JUnit sets it
    private Path folder;

    private List<ConformanceCase> cases(String json) throws Exception {
        Files.createDirectories(folder.resolve("yaml"));
        Files.writeString(folder.resolve("yaml/a.yaml"), WORKFLOW);
        Files.writeString(folder.resolve("cases.json"), json);
        return CaseFolder.read(folder).cases();
    }

    @Test
    void whatIsLeftOutIsEmpty() throws Exception {
        ConformanceCase only = cases("[{\"id\": \"a\"}]").getFirst();
        assertThat(only.mode()).isEqualTo(Mode.SUBMIT);
        assertThat(only.expectedPhase()).isNull();
        assertThat(only.nodes()).isNull();
        assertThat(only.runsInShell()).isFalse();
        assertThat(CaseFolder.read(folder).documents(only)).hasSize(1);
    }

    @Test
    void unknownModesAndFieldsDoNoHarm() throws Exception {
        ConformanceCase only = cases(
                        "[{\"id\": \"a\", \"mode\": \"sing\", \"colour\": {\"of\": 1}, \"nodes\": null, \"needs\": \"network\"}]")
                .getFirst();
        assertThat(only.mode()).isEqualTo(Mode.NONE);
        assertThat(only.needs()).containsExactly("network");
    }

    @Test
    void aFolderWithoutCasesIsSaidToBeNone() {
        assertThatThrownBy(() -> CaseFolder.read(folder))
                .isInstanceOf(CaseException.class)
                .hasMessageContaining("cases.json");
    }

    @Test
    void theTreeIsComparedExactly() throws Exception {
        ConformanceCase only = cases(
                        "[{\"id\": \"a\", \"nodes\": {\"$wf\": \"Steps/Succeeded\", \"$wf[0].b\": \"Pod/Succeeded\"}}]")
                .getFirst();
        assertThat(Comparison.compare(only, "Succeeded", seen("Pod/Succeeded"))).isEqualTo(new Verdict.Pass());
        assertThat(Comparison.compare(only, "Succeeded", seen("Pod/Failed")).reasonText())
                .contains("$wf[0].b is Pod/Failed, expected Pod/Succeeded");
        assertThat(Comparison.compare(only, "Failed", seen("Pod/Succeeded")).reasonText())
                .contains("phase Succeeded, expected Failed");
    }

    @Test
    void needsThatNobodyMeetsAreNamed() throws Exception {
        ConformanceCase only = cases("[{\"id\": \"a\", \"needs\": [\"minutes\", \"service:oracle\"]}]")
                .getFirst();
        assertThat(new Needs(true).unmet(only, List.of())).contains("needs service oracle");
        ConformanceCase python = cases("[{\"id\": \"a\", \"python\": true, \"shell_only\": true}]")
                .getFirst();
        assertThat(new Needs(false).unmet(python, List.of())).isPresent();
        assertThat(new Needs(true).unmet(python, List.of())).isEmpty();
    }

    @Test
    void onlyStorageAtAPlaceOfItsOwnCantBeHad() throws Exception {
        ConformanceCase only = cases("[{\"id\": \"a\"}]").getFirst();
        assertThat(new Needs(true).unmet(only, workflow("outputs: {artifacts: [{name: o, s3: {key: k}}]}")))
                .isEmpty();
        assertThat(new Needs(true).unmet(only, workflow("data: {source: {artifactPaths: {s3: {bucket: b}}}}")))
                .isEmpty();
        assertThat(new Needs(true)
                        .unmet(
                                only,
                                workflow("inputs: {artifacts: [{name: i, s3: {endpoint: m, bucket: b, key: k}}]}")))
                .hasValueSatisfying(reason -> assertThat(reason).contains("kind s3"));
    }

    @Test
    void whatAManifestSaysAllOfIsPutThere() throws Exception {
        ConformanceCase only = cases("[{\"id\": \"a\", \"needs\": [\"configmap\", \"secret\"]}]")
                .getFirst();
        List<Manifest> told = workflow("""
                synchronization: {semaphores: [{configMapKeyRef: {name: limits, key: few}}]}
                artifactRepositoryRef: {key: mine}
                container: {env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: k}}}]}
                """);
        assertThat(new Needs(true).unmet(only, told)).isEmpty();
        assertThat(Surroundings.of(only, told).objects("http://store"))
                .extracting(object -> object.path("kind").asText() + " "
                        + object.path("metadata").path("name").asText())
                .containsExactly("ConfigMap artifact-repositories", "ConfigMap limits", "Secret s");

        assertThat(new Needs(true)
                        .unmet(only, workflow("container: {env: [{valueFrom: {configMapKeyRef: {name: c, key: k}}}]}")))
                .contains("needs a ConfigMap that the case doesn't bring");
        assertThat(new Needs(true).unmet(only, workflow("volumes: [{secret: {secretName: s}}]")))
                .contains("needs a Secret that the case doesn't bring");
    }

    private static List<Manifest> workflow(String fields) {
        return Manifests.read("apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nspec:\n  templates:\n  - name: main\n"
                + fields.strip().indent(4));
    }

    private static Observed seen(String pod) throws Exception {
        JsonNode workflow = ApiJson.mapper()
                .readTree("""
                {"metadata": {"name": "x"}, "status": {"phase": "Succeeded", "nodes": {
                  "x": {"name": "x", "displayName": "x", "type": "Steps", "phase": "Succeeded"},
                  "x-1": {"name": "x[0].b", "displayName": "b", "type": "%s", "phase": "%s"}}}}
                """.formatted(pod.substring(0, pod.indexOf('/')), pod.substring(pod.indexOf('/') + 1)));
        return Observed.of(workflow);
    }
}
