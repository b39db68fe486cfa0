package io.tiphys.pods;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.VolumeMount;
import org.junit.jupiter.api.Test;

class ContainerSetPodTest {
    private static final String GRAPH = """
            name: graph
            containerSet:
              volumeMounts: [{name: workspace, mountPath: /workspace}]
              retryStrategy: {retries: "3", duration: 1.5s}
              containers:
                - {name: a, image: "alpine:latest", command: [sh, -c], args: [echo a]}
                - {name: b, image: "alpine:latest", command: [sh], dependencies: [a]}
                - {name: main, image: "alpine:latest", command: [sh], dependencies: [a, b]}
            volumes: [{name: workspace, emptyDir: {}}]
            """;

    private static Container container(Pod pod, String name) {
        return pod.getSpec().getContainers().stream()
                .filter(container -> container.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void emissaryKeepsTheOrderAndRepeatsInPlace() {
        Pod pod = Wishes.template(GRAPH).pod();

        assertThat(pod.getSpec().getContainers()).extracting(Container::getName).containsExactly("a", "b", "main");
        assertThat(container(pod, "a").getCommand())
                .containsExactly(
                        "/var/run/tiphys/emissary",
                        "run",
                        "--container",
                        "a",
                        "--attempts",
                        "3",
                        "--pause",
                        "1500",
                        "--",
                        "sh",
                        "-c",
                        "echo a");
        assertThat(container(pod, "main").getCommand())
                .containsSubsequence("--container", "main", "--after", "a", "--after", "b", "--", "sh");
    }

    @Test
    void allSeeTheSharedVolumes() {
        Pod pod = Wishes.template(GRAPH).pod();

        assertThat(pod.getSpec().getContainers())
                .allSatisfy(container -> assertThat(container.getVolumeMounts())
                        .extracting(VolumeMount::getMountPath)
                        .contains("/workspace", "/var/run/tiphys"));
    }

    @Test
    void theExecutorWaitsForAllOfThem() throws Exception {
        assertThat(Wishes.template(GRAPH).task().containers()).containsExactly("a", "b", "main");
        assertThat(Wishes.template(GRAPH).task().outputContainer()).isEqualTo("main");
    }

    @Test
    void thePodSaysWhichContainersAreTheNodes() {
        Pod pod = Wishes.template(GRAPH).pod();

        assertThat(pod.getMetadata().getAnnotations())
                .containsEntry("tiphys.io/main-containers", "a,b,main")
                .containsEntry("kubectl.kubernetes.io/default-container", "main");
    }

    @Test
    void aSetWithoutOrderIsALeanPod() {
        Pod pod = Wishes.template("""
                        name: pair
                        containerSet: {containers: [{name: a, image: i}, {name: b, image: i}]}
                        """).pod();

        assertThat(pod.getSpec().getInitContainers()).isEmpty();
        assertThat(pod.getMetadata().getAnnotations()).containsEntry("kubectl.kubernetes.io/default-container", "b");
    }

    @Test
    void everyContainersLogIsArchived() throws Exception {
        assertThat(Wishes.template("""
                        name: pair
                        containerSet: {containers: [{name: a, image: i, command: [a]}, {name: b, image: i, command: [b]}]}
                        archiveLocation: {archiveLogs: true}
                        """).task().outputs().logs())
                .extracting(log -> log.name())
                .containsExactly("a-logs", "b-logs");
    }

    @Test
    void refusesARetryThatMeansNothing() {
        assertThat(Wishes.template(GRAPH.replace("1.5s", "soon")).refusal())
                .isEqualTo(
                        "containerSet.retryStrategy.duration is \"soon\"; it must be a duration such as 10s or 1m30s");
    }
}
