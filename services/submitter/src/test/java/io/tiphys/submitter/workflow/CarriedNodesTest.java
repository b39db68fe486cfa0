package io.tiphys.submitter.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.api.CompressedNodes;
import io.tiphys.api.Manifests;
import io.tiphys.api.NodeFlag;
import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeStatus;
import io.tiphys.api.NodeType;
import io.tiphys.api.PackedJson;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.api.WorkflowStatus;
import io.tiphys.api.selector.NodeFieldSelector;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CarriedNodesTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final Workflow FAILED = Manifests.read("""
            apiVersion: argoproj.io/v1alpha1
            kind: Workflow
            metadata: {name: w, namespace: argo, uid: u1}
            spec:
              entrypoint: main
              onExit: work
              templates:
              - name: main
                steps:
                - - {name: a, template: work}
                  - {name: skipped, template: work, when: "false"}
                - - {name: b, template: flaky}
              - name: work
                container: {image: alpine, command: ["true"]}
              - name: flaky
                retryStrategy: {limit: 1}
                container: {image: alpine, command: ["true"]}
            status:
              phase: Failed
              message: child failed
              startedAt: "2026-11-22T10:00:00Z"
              finishedAt: "2026-11-22T11:00:00Z"
              nodes:
                w: {id: w, name: w, type: Steps, phase: Failed, templateName: main, children: [w-1]}
                w-1: {id: w-1, name: "w[0]", type: StepGroup, phase: Succeeded, boundaryID: w, children: [w-2, w-3]}
                w-2:
                  id: w-2
                  name: w[0].a
                  type: Pod
                  phase: Succeeded
                  boundaryID: w
                  templateName: work
                  children: [w-4]
                  outputs: {result: hello}
                w-3: {id: w-3, name: "w[0].skipped", type: Skipped, phase: Skipped, boundaryID: w, message: no}
                w-4: {id: w-4, name: "w[1]", type: StepGroup, phase: Failed, boundaryID: w, children: [w-5]}
                w-5: {id: w-5, name: "w[1].b", type: Retry, phase: Failed, boundaryID: w, templateName: flaky, children: [w-6, w-7]}
                w-6: {id: w-6, name: "w[1].b(0)", type: Pod, phase: Failed, boundaryID: w, templateName: flaky, nodeFlag: {retried: true}}
                w-7: {id: w-7, name: "w[1].b(1)", type: Pod, phase: Failed, boundaryID: w, templateName: flaky, nodeFlag: {retried: true}}
                w-8: {id: w-8, name: w.onExit, type: Pod, phase: Succeeded, templateName: work}
            """, Workflow.class);
    private static final Nodes NODES =
            taker -> FAILED.getStatus().nodes().values().forEach(taker);

    @Test
    void aRetryTakesOutWhatFailedAndOpensWhatWasAroundIt() {
        CarriedNodes carried = CarriedNodes.retried(FAILED, NODES, false, NodeFieldSelector.ALL, List.of(), NOW);

        assertThat(phases(carried))
                .isEqualTo(Map.of(
                        "w", NodePhase.RUNNING,
                        "w[0]", NodePhase.SUCCEEDED,
                        "w[0].a", NodePhase.SUCCEEDED,
                        "w[0].skipped", NodePhase.SKIPPED,
                        "w[1]", NodePhase.RUNNING));
        WorkflowStatus status = carried.status();
        assertThat(status.phase()).isEqualTo(WorkflowPhase.RUNNING);
        assertThat(status.message()).isNull();
        assertThat(status.finishedAt()).isNull();
        assertThat(status.startedAt()).isEqualTo(NOW);
    }

    @Test
    void aRetryRedoesWhatSucceededIfItIsSelected() {
        CarriedNodes carried =
                CarriedNodes.retried(FAILED, NODES, true, NodeFieldSelector.parse("displayName=a"), List.of(), NOW);

        assertThat(phases(carried).keySet()).containsExactlyInAnyOrder("w", "w[0]", "w[0].skipped");
    }

    @Test
    void memoizedNodesAreSkippedUnderTheNewName() {
        CarriedNodes carried = CarriedNodes.memoized(FAILED, NODES, "w-new", NOW);

        assertThat(phases(carried))
                .isEqualTo(Map.of(
                        "w-new", NodePhase.RUNNING,
                        "w-new[0]", NodePhase.RUNNING,
                        "w-new[0].a", NodePhase.SKIPPED,
                        "w-new[0].skipped", NodePhase.SKIPPED,
                        "w-new[1]", NodePhase.RUNNING,
                        "w-new[1].b", NodePhase.RUNNING));
        NodeStatus a = all(carried).stream()
                .filter(node -> node.name().equals("w-new[0].a"))
                .findFirst()
                .orElseThrow();
        assertThat(a.type()).isEqualTo(NodeType.SKIPPED);
        assertThat(a.message()).isEqualTo("original pod: w-2");
        assertThat(a.outputs()).isNotNull().extracting("result").isEqualTo("hello");
        assertThat(a.boundaryID()).isEqualTo("w-new");
        assertThat(a.id()).startsWith("w-new-").isNotEqualTo("w-new-2");
        assertThat(all(carried)).extracting(NodeStatus::id).contains("w-new", a.id());
    }

    @Test
    void ofRetriedCompositesOnlyTheLastAttemptIsMemoized() {
        CarriedNodes carried = CarriedNodes.memoized(
                FAILED,
                taker -> List.of(
                                composite("w[0].c(9)", "c-9"),
                                composite("w[0].c(10)", "c-10"),
                                composite("w[0].c(9)[0]", "c-9-0").withNodeFlag(null),
                                composite("w[0].c(10)[0]", "c-10-0").withNodeFlag(null),
                                composite("w[0].c(90)", "c-90").withNodeFlag(null))
                        .forEach(taker),
                "v",
                NOW);

        assertThat(phases(carried)).containsOnlyKeys("v[0].c(10)", "v[0].c(10)[0]", "v[0].c(90)");
    }

    @Test
    void nothingIsMemoizedOfExitHandlersAlone() {
        CarriedNodes carried = CarriedNodes.memoized(
                FAILED, taker -> taker.accept(composite("w.onExit", "e").withType(NodeType.STEPS)), "v", NOW);

        assertThat(carried.isEmpty()).isTrue();
        assertThat(all(carried)).isEmpty();
    }

    @Test
    void nodesAreWrittenAsInAStatus() {
        CarriedNodes carried = CarriedNodes.memoized(FAILED, NODES, "w-new", NOW);

        PackedJson packed = PackedJson.of(carried.nodes());
        assertThat(CompressedNodes.unpack(CompressedNodes.of(packed)))
                .isEqualTo(all(carried).stream().collect(Collectors.toMap(NodeStatus::id, Function.identity())));
        assertThat(CompressedNodes.of(packed)).hasSize(CompressedNodes.length(packed));
    }

    private static NodeStatus composite(String name, String id) {
        return Objects.requireNonNull(FAILED.getStatus().nodes().get("w"))
                .withName(name)
                .withId(id)
                .withNodeFlag(new NodeFlag(false, true));
    }

    private static List<NodeStatus> all(CarriedNodes carried) {
        List<NodeStatus> all = new ArrayList<>();
        carried.nodes().forEach(all::add);
        return all;
    }

    private static Map<String, NodePhase> phases(CarriedNodes carried) {
        return all(carried).stream().collect(Collectors.toMap(NodeStatus::name, NodeStatus::phase));
    }
}
