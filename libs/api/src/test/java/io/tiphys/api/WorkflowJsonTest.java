package io.tiphys.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

@NullUnmarked // tests dereference what they have put there
class WorkflowJsonTest {
    private static final String LOOP = """
            apiVersion: argoproj.io/v1alpha1
            kind: Workflow
            metadata: {generateName: loop-, labels: {team: blue}}
            spec:
              entrypoint: main
              arguments:
                parameters:
                  - {name: count, value: 12345678901234567890}
                  - {name: ratio, value: 1.50}
                  - {name: on, value: yes}
                  - {name: empty, value: ""}
              templates:
                - name: main
                  steps:
                    - - name: say
                        template: echo
                        withItems: [1, a, {k: v}, [x]]
                        arguments: {parameters: [{name: m, value: "{{item}}"}]}
                      - {name: again, template: echo, withSequence: {count: 3}}
                    - - {name: last, template: wait}
                - name: wait
                  suspend: {}
                - name: echo
                  inputs: {parameters: [{name: m, default: x, enum: [x, 1]}]}
                  retryStrategy: {limit: 2}
                  script: {image: alpine, command: [sh], source: "echo {{inputs.parameters.m}}"}
                  sidecars: [{name: helper, image: nginx, mirrorVolumeMounts: true}]
                - name: set
                  containerSet:
                    containers:
                      - {name: a, image: alpine}
                      - {name: main, image: alpine, dependencies: [a], env: [{name: A, value: b}]}
            """;

    private final Workflow workflow = Manifests.read(LOOP, Workflow.class);

    @Test
    void keepsParameterTextLiterally() {
        assertThat(workflow.getSpec().arguments().parameters())
                .extracting(Parameter::value)
                .containsExactly("12345678901234567890", "1.5", "true", "");
        assertThat(workflow.getSpec()
                        .templates()
                        .get(2)
                        .inputs()
                        .parameters()
                        .getFirst()
                        .enumValues())
                .containsExactly("x", "1");
    }

    @Test
    void readsStepsAsListsOfLists() {
        List<List<WorkflowStep>> steps =
                workflow.getSpec().templates().getFirst().steps();

        assertThat(steps).hasSize(2);
        assertThat(steps.getFirst()).extracting(WorkflowStep::name).containsExactly("say", "again");
        assertThat(steps.getFirst().getFirst().withItems()).hasToString("[1, \"a\", {\"k\":\"v\"}, [\"x\"]]");
    }

    @Test
    void keepsContainersWithTheirOwnFields() {
        Template echo = workflow.getSpec().templates().get(2);
        assertThat(echo.script().source()).isEqualTo("echo {{inputs.parameters.m}}");
        assertThat(echo.script().container().getImage()).isEqualTo("alpine");
        assertThat(echo.sidecars().getFirst().mirrorVolumeMounts()).isTrue();
        ContainerNode main = workflow.getSpec()
                .templates()
                .get(3)
                .containerSet()
                .containers()
                .get(1);
        assertThat(main.dependencies()).containsExactly("a");
        assertThat(main.container().getEnv()).hasSize(1);
    }

    @Test
    void readsBackWhatItWrites() {
        assertThat(Manifests.read(Manifests.toJson(workflow), Workflow.class)).isEqualTo(workflow);
        assertThat(Manifests.read(Manifests.toYaml(workflow), Workflow.class)).isEqualTo(workflow);
    }

    @Test
    void anyFabric8ClientReadsAndWritesTheSame() {
        var serialization = new KubernetesSerialization();

        assertThat(serialization.unmarshal(Manifests.toJson(workflow), Workflow.class))
                .isEqualTo(workflow);
        assertThat(serialization.unmarshal(serialization.asJson(workflow), Workflow.class))
                .isEqualTo(workflow);
        assertThat((Object) serialization.clone(workflow)).isEqualTo(workflow);
        assertThat(serialization.asJson(workflow)).contains("\"suspend\":{}").doesNotContain("status");
    }

    @Test
    void aResultOfNothingIsKept() throws Exception {
        Outputs outputs = new Outputs(List.of(), List.of(), "", null);

        String json = ApiJson.mapper().writeValueAsString(outputs);

        assertThat(json).isEqualTo("{\"result\":\"\"}");
        assertThat(ApiJson.mapper().readValue(json, Outputs.class)).isEqualTo(outputs);
    }

    @Test
    void leavesOutWhatIsEmptyAndWritesTimesInSeconds() throws Exception {
        WorkflowStatus status = WorkflowStatusBuilder.builder()
                .phase(WorkflowPhase.RUNNING)
                .startedAt(Instant.parse("2026-01-31T09:30:00.987Z"))
                .nodes(Map.of(
                        "a",
                        NodeStatusBuilder.builder()
                                .id("a")
                                .name("a")
                                .type(NodeType.STEP_GROUP)
                                .build()))
                .build();
        JsonNode json = ApiJson.mapper()
                .valueToTree(new Workflow(new ObjectMetaBuilder().withName("a").build(), WorkflowSpec.NONE)
                        .withStatus(status));

        assertThat(json.get("status"))
                .hasToString(
                        "{\"phase\":\"Running\",\"startedAt\":\"2026-01-31T09:30:00Z\",\"nodes\":{\"a\":{\"name\":\"a\",\"id\":\"a\",\"type\":\"StepGroup\"}}}");
        assertThat(ApiJson.mapper()
                        .treeToValue(json, Workflow.class)
                        .getStatus()
                        .startedAt())
                .isEqualTo("2026-01-31T09:30:00Z");
    }

    @Test
    void readsNamesWhateverTheirCase() throws Exception {
        assertThat(ApiJson.mapper().readValue("{\"Name\": \"a\", \"valuefrom\": {\"Path\": \"/x\"}}", Parameter.class))
                .isEqualTo(ParameterBuilder.builder()
                        .name("a")
                        .valueFrom(ValueFromBuilder.builder().path("/x").build())
                        .build());
    }

    @Test
    void hasWithers() {
        NodeStatus node =
                NodeStatusBuilder.builder().id("x").phase(NodePhase.PENDING).build();

        assertThat(node.withPhase(NodePhase.FAILED).with(n -> n.message("gone")))
                .extracting(NodeStatus::id, NodeStatus::phase, NodeStatus::message)
                .containsExactly("x", NodePhase.FAILED, "gone");
    }

    @Test
    void carriesTheNamesThatClientsNeed() {
        assertThat(HasMetadata.getFullResourceName(Workflow.class)).isEqualTo("workflows.argoproj.io");
        assertThat(HasMetadata.getApiVersion(CronWorkflow.class)).isEqualTo("argoproj.io/v1alpha1");
        assertThat(workflow.getKind()).isEqualTo("Workflow");
        assertThat(new ClusterWorkflowTemplate(null, WorkflowSpec.NONE).getKind())
                .isEqualTo("ClusterWorkflowTemplate");
    }
}
