package io.tiphys.pods;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.tiphys.api.ApiJson;
import io.tiphys.transfer.PodTask;
import io.tiphys.transfer.ResourceTask;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class WorkerPodTest {
    private static final String RESOURCE = """
            name: r
            resource:
              action: create
              setOwnerReference: true
              successCondition: status.phase == Succeeded
              flags: [--validate=false]
              manifest: |
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: made}
            outputs: {parameters: [{name: n, valueFrom: {jsonPath: "{.metadata.name}", default: none}}]}
            """;
    private static final String DATA = """
            name: d
            data:
              source: {artifactPaths: {name: files, oss: {key: some/prefix}}}
              transformation: [{expression: "filter(data, {# endsWith '.py'})"}]
            """;

    private static PodTask task(Pod pod) throws Exception {
        Map<String, String> variables = new LinkedHashMap<>();
        for (EnvVar variable : Wishes.main(pod).getEnv()) {
            if (variable.getValue() != null) {
                variables.put(variable.getName(), variable.getValue());
            }
        }
        return ApiJson.mapper().readValue(PodTask.fromVariables(variables), PodTask.class);
    }

    @Test
    void theExecutorIsMainOfAResourcePod() throws Exception {
        Pod pod = Wishes.template(RESOURCE).pod();

        Container main = Wishes.main(pod);
        assertThat(main.getImage()).isEqualTo("tiphys/executor:1");
        assertThat(pod.getSpec().getInitContainers()).isEmpty();
        assertThat(main.getEnv())
                .anySatisfy(variable -> assertThat(variable.getName() + "=" + variable.getValue())
                        .isEqualTo("TIPHYS_MODE=resource"));
        ResourceTask resource = Objects.requireNonNull(task(pod).resource());
        assertThat(resource.action()).isEqualTo("create");
        assertThat(resource.flags()).containsExactly("--validate=false");
        assertThat(resource.parameters())
                .containsExactly(new ResourceTask.ObjectParameter("n", "{.metadata.name}", null, "none"));
    }

    @Test
    void setsTheWorkflowAsOwner() throws Exception {
        String manifest = Objects.requireNonNull(
                        task(Wishes.template(RESOURCE).pod()).resource())
                .manifest();

        assertThat(manifest).contains("kind: \"Workflow\"", "name: \"hello\"", "uid: \"uid-1\"", "controller: true");
    }

    @Test
    void takesTheManifestFromAnArtifact() throws Exception {
        PodTask task = task(Wishes.template("""
                        name: r
                        inputs: {artifacts: [{name: m, path: /tmp/m, raw: {data: "kind: Pod"}}]}
                        resource: {action: create, manifestFrom: {artifact: {name: m}}}
                        """).pod());

        assertThat(task.inputs()).extracting(PodTask.Input::raw).containsExactly("kind: Pod");
        assertThat(Objects.requireNonNull(task.resource()).manifestFile()).isEqualTo("/var/run/tiphys-inputs/m");
    }

    @Test
    void runsAsTheExecutorsServiceAccount() {
        assertThat(Wishes.template(RESOURCE + "executor: {serviceAccountName: helm}\n")
                        .spec("{serviceAccountName: crew, automountServiceAccountToken: false}")
                        .pod()
                        .getSpec())
                .satisfies(spec -> {
                    assertThat(spec.getServiceAccountName()).isEqualTo("helm");
                    assertThat(spec.getAutomountServiceAccountToken()).isNull();
                });
    }

    @Test
    void mayListWhatTheDataTemplateNames() throws Exception {
        Wishes wishes = Wishes.template(DATA);

        assertThat(Objects.requireNonNull(task(wishes.pod()).data()).expressions())
                .containsExactly("filter(data, {# endsWith '.py'})");
        assertThat(String.valueOf(wishes.capability().read().get("files"))).contains("some/prefix", "bkt");
    }
}
