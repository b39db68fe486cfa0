package io.tiphys.conformance.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Manifest;
import io.tiphys.api.Manifests;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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
        assertThat(needs("python3").unmet(only, List.of())).contains("needs service oracle");
        ConformanceCase python = cases("[{\"id\": \"a\", \"python\": true, \"shell_only\": true}]")
                .getFirst();
        assertThat(needs().unmet(python, List.of())).isPresent();
        assertThat(needs("python3").unmet(python, List.of())).isEmpty();
    }

    @Test
    void onlyStorageAtAPlaceOfItsOwnCantBeHad() throws Exception {
        ConformanceCase only = cases("[{\"id\": \"a\"}]").getFirst();
        assertThat(needs("python3").unmet(only, workflow("outputs: {artifacts: [{name: o, s3: {key: k}}]}")))
                .isEmpty();
        assertThat(needs("python3").unmet(only, workflow("data: {source: {artifactPaths: {s3: {bucket: b}}}}")))
                .isEmpty();
        assertThat(needs().unmet(only, workflow("inputs: {artifacts: [{name: i, gcs: {bucket: b, key: k}}]}")))
                .hasValueSatisfying(reason -> assertThat(reason).contains("kind gcs"));
    }

    @Test
    void artifactsOfStoresThatOursStandsForLieInTheCasesOwnRepository() throws Exception {
        ConformanceCase only =
                cases("[{\"id\": \"a\", \"needs\": [\"service:s3-aws\"]}]").getFirst();
        List<Manifest> told = workflow("""
                inputs: {artifacts: [{name: i, path: /i, s3: {endpoint: m, bucket: b, key: k}}, {name: r, raw: {data: d}},
                  {name: a, artifactory: {url: "http://there:8081/generic/{{workflow.name}}"}}]}
                data: {source: {artifactPaths: {oss: {endpoint: m, bucket: b}}}}
                """);
        assertThat(needs().unmet(only, told)).isEmpty();
        assertThat(Surroundings.of(only, told).objects("http://store", "bucket"))
                .singleElement()
                .satisfies(map -> assertThat(map.path("data").path("default").asText())
                        .contains("\"archiveLogs\":false", "\"endpoint\":\"http://store\"", "\"bucket\":\"bucket\""));

        Relocated.inPlace(told.getFirst().tree(), "http://files/ns");
        assertThat(told.getFirst().tree().toString())
                .contains(
                        "\"path\":\"/i\",\"s3\":{\"key\":\"k\"}",
                        "\"raw\":{\"data\":\"d\"}",
                        "http://files/ns/generic/{{workflow.name}}",
                        "\"oss\":{}");
    }

    @Test
    void imagesAreHereIfTheMachineHasWhatTheyAreNamedAfter() throws Exception {
        assertThat(unmet("image:busybox:1.36")).isEmpty();
        assertThat(unmet("image:curlimages/curl:latest", "curl")).isEmpty();
        assertThat(unmet("image:curlimages/curl:latest")).contains("needs image curlimages/curl:latest");
        assertThat(unmet("service:artifactory")).isEmpty();
        assertThat(unmet("image:nginx:1.13")).isEmpty();
        assertThat(unmet("image:alpine (nc)")).isEmpty();
        assertThat(unmet("image:alpine (ftp)")).contains("needs image alpine (ftp)");
        assertThat(unmet("image:quay.io/argoproj/argoexec:latest", "kubectl")).isEmpty();
        assertThat(unmet("image:golang:1.18")).contains("needs image golang:1.18");
        assertThat(unmet("image:templated")).contains("needs image influxdb:1.2");
        assertThat(unmet("service:node-7Gi-2cpu")).isEmpty();
        assertThat(unmet("service:node-8Gi-2cpu")).contains("needs service node-8Gi-2cpu");
        assertThat(unmet("service:node-1Gi-3cpu")).contains("needs service node-1Gi-3cpu");
    }

    @Test
    void whoWantsIntoAnArtifactoryGetsItsCredentials() throws Exception {
        ConformanceCase only = cases("[{\"id\": \"a\", \"needs\": [\"secret\", \"service:artifactory\"]}]")
                .getFirst();
        List<Manifest> told = workflow("""
                outputs: {artifacts: [{name: a, artifactory: {url: "http://there/a",
                  usernameSecret: {name: s, key: user}, passwordSecret: {name: s, key: word}}}]}
                """);
        assertThat(needs().unmet(only, told)).isEmpty();
        assertThat(Surroundings.of(only, told).objects("http://store", "bucket"))
                .singleElement()
                .satisfies(secret -> assertThat(secret.path("stringData").toString())
                        .isEqualTo("{\"user\":\"%1$s\",\"word\":\"%1$s\"}".formatted(Surroundings.SECRET_VALUE)));
    }

    @Test
    void whatIsSaidOfAQuotaMakesOne() throws Exception {
        ConformanceCase only = cases("[{\"id\": \"a\", \"needs\": [\"service:resourcequota\"],"
                        + " \"expected\": \"pods forbidden by quota 130M: wf Failed\"}]")
                .getFirst();
        assertThat(needs().unmet(only, List.of())).isEmpty();
        assertThat(Surroundings.of(only, List.of()).objects("http://store", "bucket"))
                .singleElement()
                .satisfies(quota -> assertThat(quota.path("spec")
                                .path("hard")
                                .path("limits.memory")
                                .asText())
                        .isEqualTo("130M"));
        assertThat(unmet("service:resourcequota")).contains("needs service resourcequota");
    }

    @Test
    void severalNodesAreHereIfTheMachineStandsForThem() throws Exception {
        assertThat(unmet("service:multi-node")).contains("needs service multi-node");
        ConformanceCase only =
                cases("[{\"id\": \"a\", \"needs\": [\"service:multi-node\"]}]").getFirst();
        Needs two = new Needs(new Machine(2, 8, 2, _ -> false), _ -> Set.of());
        assertThat(two.unmet(only, List.of())).isEmpty();
    }

    @Test
    void whatTheControllerIsToBeToldIsNoObjectOfTheCase() throws Exception {
        ConformanceCase only = cases("[{\"id\": \"a\", \"needs\": [\"service:workflowDefaults labels one, two\"]}]")
                .getFirst();
        assertThat(needs().unmet(only, List.of())).isEmpty();
        assertThat(Configuration.of(only, List.of()).data())
                .hasEntrySatisfying("workflowDefaults", text -> assertThat(text).contains("labels:", "one:", "two:"));

        List<Manifest> told = Manifests.read(
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: workflow-controller-configmap}\ndata: {parallelism: '2'}");
        ConformanceCase bare =
                cases("[{\"id\": \"a\", \"needs\": [\"configmap\"]}]").getFirst();
        assertThat(Configuration.of(bare, told).data()).containsExactly(entry("parallelism", "2"));
        assertThat(Configuration.of(bare, List.of())).isEqualTo(Configuration.NONE);
    }

    private Optional<String> unmet(String need, String... programs) throws Exception {
        ConformanceCase only =
                cases("[{\"id\": \"a\", \"needs\": [\"" + need + "\"]}]").getFirst();
        return needs(programs).unmet(only, List.of());
    }

    /** On a machine with 2 processors, 8 GiB and these programs; templated images come out as one that can't be had. */
    private static Needs needs(String... programs) {
        return new Needs(
                new Machine(2, 8, 1, Set.of(programs)::contains),
                _ -> new TreeSet<>(Set.of("debian:9.1", "influxdb:1.2")));
    }

    @Test
    void whatAManifestSaysAllOfIsPutThere() throws Exception {
        ConformanceCase only = cases("[{\"id\": \"a\", \"needs\": [\"configmap\", \"secret\"]}]")
                .getFirst();
        List<Manifest> told = workflow("""
                synchronization: {semaphores: [{configMapKeyRef: {name: limits, key: few}}, {database: {key: few}}]}
                artifactRepositoryRef: {key: mine}
                container: {env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: k}}}]}
                """);
        assertThat(needs("python3").unmet(only, told)).isEmpty();
        assertThat(Surroundings.of(only, told).objects("http://store", "bucket"))
                .extracting(object -> object.path("kind").asText() + " "
                        + object.path("metadata").path("name").asText())
                .containsExactly(
                        "ConfigMap artifact-repositories",
                        "ConfigMap limits",
                        "ConfigMap workflow-sync-limits",
                        "Secret s");

        assertThat(needs("python3")
                        .unmet(only, workflow("container: {env: [{valueFrom: {configMapKeyRef: {name: c, key: k}}}]}")))
                .contains("needs a ConfigMap that the case doesn't bring");
        assertThat(needs("python3").unmet(only, workflow("volumes: [{secret: {secretName: s}}]")))
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
