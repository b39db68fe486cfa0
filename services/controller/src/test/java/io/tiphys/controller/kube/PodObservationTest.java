package io.tiphys.controller.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.tiphys.engine.PodFacts.ContainerFacts;
import io.tiphys.engine.PodFacts.Role;
import io.tiphys.pods.Names;
import java.util.Arrays;
import java.util.Map;
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

    @Test
    void onlyMainIsMainOfAnOrdinaryPod() {
        assertThat(PodObservation.of(pod(Map.of(), "main", "helper"))
                        .orElseThrow()
                        .facts()
                        .containers())
                .extracting(ContainerFacts::role)
                .containsExactly(Role.MAIN, Role.SIDECAR);
    }

    @Test
    void allOfAContainerSetAreMain() {
        assertThat(PodObservation.of(pod(Map.of(Names.ANNOTATION_MAIN_CONTAINERS, "a,b"), "a", "b", "helper"))
                        .orElseThrow()
                        .facts()
                        .containers())
                .extracting(ContainerFacts::role)
                .containsExactly(Role.MAIN, Role.MAIN, Role.SIDECAR);
    }
}
