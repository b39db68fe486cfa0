package io.tiphys.controller.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.tiphys.api.ApiJson;
import io.tiphys.controller.kube.PodObservation.Hold;
import io.tiphys.engine.PodFacts;
import io.tiphys.engine.PodFacts.ContainerFacts;
import io.tiphys.engine.PodFacts.ContainerState;
import io.tiphys.engine.PodFacts.PodPhase;
import io.tiphys.engine.PodFacts.Role;
import io.tiphys.pods.Names;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PodObservationTest {
    private static Pod pod(Map<String, String> annotations, String... containers) {
        return new PodBuilder()
                .withNewMetadata()
                .withName("p")
                .withNamespace("default")
                .withAnnotations(annotations)
                .addToAnnotations(Names.ANNOTATION_WORKFLOW_UID, "uid")
                .addToAnnotations(Names.ANNOTATION_NODE_ID, "node")
                .endMetadata()
                .withNewStatus()
                .withPhase("Running")
                .withContainerStatuses(Arrays.stream(containers)
                        .map(name -> new ContainerStatusBuilder().withName(name).build())
                        .toList())
                .endStatus()
                .build();
    }

    private static Watched<PodObservation> read(Pod pod) throws IOException {
        try (JsonParser json = ApiJson.mapper().createParser(ApiJson.mapper().writeValueAsBytes(pod))) {
            json.nextToken();
            return PodReader.read(json);
        }
    }

    private static PodObservation seen(Pod pod) throws IOException {
        return Objects.requireNonNull(read(pod).object());
    }

    @Test
    void onlyMainIsMainOfAnOrdinaryPod() throws IOException {
        assertThat(seen(pod(Map.of(), "main", "helper")).facts().containers())
                .extracting(ContainerFacts::role)
                .containsExactly(Role.MAIN, Role.SIDECAR);
    }

    @Test
    void allOfAContainerSetAreMain() throws IOException {
        assertThat(seen(pod(Map.of(Names.ANNOTATION_MAIN_CONTAINERS, "a,b"), "a", "b", "helper"))
                        .facts()
                        .containers())
                .extracting(ContainerFacts::role)
                .containsExactly(Role.MAIN, Role.MAIN, Role.SIDECAR);
    }

    @Test
    void whatDecidesIsReadAndNothingElse() throws IOException {
        Pod pod = new PodBuilder(pod(Map.of(PodGateway.ANNOTATION_NODE_SEQ, "7")))
                .editMetadata()
                .withUid("pod-uid")
                .withResourceVersion("42")
                .addToLabels(Names.LABEL_COMPLETED, "true")
                .addNewManagedField()
                .withManager("kubelet")
                .endManagedField()
                .endMetadata()
                .withNewSpec()
                .withNodeName("node-1")
                .withInitContainers(new ContainerBuilder().withName("executor").build())
                .withContainers(
                        new ContainerBuilder()
                                .withName("main")
                                .withArgs("{\"status\":{\"phase\":\"Failed\"}}")
                                .withNewResources()
                                .addToLimits("cpu", new Quantity("4"))
                                .addToRequests("cpu", new Quantity("2"))
                                .addToLimits("nvidia.com/gpu", new Quantity("1"))
                                .endResources()
                                .build(),
                        new ContainerBuilder().withName("helper").build())
                .endSpec()
                .withNewStatus()
                .withPhase("Failed")
                .withReason("Evicted")
                .withMessage("no room")
                .withPodIP("10.0.0.7")
                .withStartTime("2026-01-02T03:04:05Z")
                .withInitContainerStatuses(new ContainerStatusBuilder()
                        .withName("executor")
                        .withReady(true)
                        .withNewState()
                        .withNewRunning("2026-01-02T03:04:06+01:00")
                        .endState()
                        .build())
                .withContainerStatuses(
                        new ContainerStatusBuilder()
                                .withName("main")
                                .withReady(false)
                                .withNewLastState()
                                .withNewRunning("2026-01-02T03:04:00Z")
                                .endLastState()
                                .withNewState()
                                .withNewTerminated()
                                .withExitCode(137)
                                .withReason("OOMKilled")
                                .withMessage("said at the end")
                                .withStartedAt("2026-01-02T03:04:05Z")
                                .withFinishedAt("2026-01-02T03:04:25Z")
                                .endTerminated()
                                .endState()
                                .build(),
                        new ContainerStatusBuilder()
                                .withName("helper")
                                .withNewState()
                                .withNewWaiting("no such image", "ErrImagePull")
                                .endState()
                                .build())
                .endStatus()
                .build();
        assertThat(read(pod))
                .isEqualTo(new Watched<>(
                        "42",
                        new PodObservation(
                                "default",
                                "uid",
                                "node",
                                "pod-uid",
                                7,
                                true,
                                Hold.NONE,
                                Map.of(Names.LABEL_COMPLETED, "true"),
                                new PodFacts(
                                        "p",
                                        PodPhase.FAILED,
                                        "Evicted",
                                        "no room",
                                        "node-1",
                                        "10.0.0.7",
                                        Instant.parse("2026-01-02T03:04:05Z"),
                                        List.of(
                                                new ContainerFacts(
                                                        "executor",
                                                        Role.EXECUTOR,
                                                        ContainerState.RUNNING,
                                                        true,
                                                        null,
                                                        null,
                                                        null,
                                                        Instant.parse("2026-01-02T02:04:06Z"),
                                                        null),
                                                new ContainerFacts(
                                                        "main",
                                                        Role.MAIN,
                                                        ContainerState.TERMINATED,
                                                        false,
                                                        "OOMKilled",
                                                        "said at the end",
                                                        137,
                                                        Instant.parse("2026-01-02T03:04:05Z"),
                                                        Instant.parse("2026-01-02T03:04:25Z")),
                                                new ContainerFacts(
                                                        "helper",
                                                        Role.SIDECAR,
                                                        ContainerState.WAITING,
                                                        false,
                                                        "ErrImagePull",
                                                        "no such image",
                                                        null,
                                                        null,
                                                        null)),
                                        false,
                                        // 20 s of 2 cpus, of 100Mi and of one gpu
                                        Map.of("cpu", 40L, "memory", 20L, "nvidia.com/gpu", 20L),
                                        "pod-uid"))));
    }

    @Test
    void aPodThatWaitsForANodeSaysWhy() throws IOException {
        Pod pod = new PodBuilder(pod(Map.of()))
                .withNewStatus()
                .withPhase("Pending")
                .addNewCondition()
                .withType("PodScheduled")
                .withStatus("False")
                .withReason("Unschedulable")
                .withMessage("0/3 nodes are available")
                .endCondition()
                .endStatus()
                .build();
        assertThat(seen(pod).facts().message()).isEqualTo("Unschedulable: 0/3 nodes are available");
    }

    @Test
    void aPodThatIsDeletedWithNothingRunningIsGoing() throws IOException {
        Pod pod = new PodBuilder(pod(Map.of(), "main"))
                .editMetadata()
                .withDeletionTimestamp("2026-01-02T03:04:05Z")
                .endMetadata()
                .build();
        assertThat(seen(pod).facts().deleted()).isTrue();
    }

    @Test
    void aPodThatIsHeldAndHasANodeIsYetToTellHowItEnded() throws IOException {
        PodBuilder held = new PodBuilder(pod(Map.of(), "main"))
                .editMetadata()
                .withFinalizers("example.com/other", Names.FINALIZER_STATUS)
                .endMetadata();
        assertThat(seen(held.build()).hold()).isEqualTo(Hold.HELD);
        Pod deleted = held.editMetadata()
                .withDeletionTimestamp("2026-01-02T03:04:05Z")
                .endMetadata()
                .build();
        assertThat(seen(deleted).hold()).isEqualTo(Hold.LEAVING);
        assertThat(seen(deleted).facts().deleted()).isTrue();
        Pod scheduled = new PodBuilder(deleted)
                .withNewSpec()
                .withNodeName("node-1")
                .endSpec()
                .build();
        assertThat(seen(scheduled).facts().deleted()).isFalse();
        assertThat(seen(scheduled).isKeptForNothing(false)).isFalse();
        assertThat(seen(scheduled).isKeptForNothing(true)).isTrue();
    }

    @Test
    void aPodOfSomebodyElseIsNone() throws IOException {
        Pod pod = new PodBuilder()
                .withNewMetadata()
                .withName("p")
                .withResourceVersion("9")
                .endMetadata()
                .build();
        assertThat(read(pod)).isEqualTo(new Watched<>("9", null));
    }
}
