package io.tiphys.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.PodBuilder;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.controller.parts.TestSystem;
import io.tiphys.messages.NodeChange;
import io.tiphys.messages.WorkflowCommand;
import io.tiphys.messages.WorkflowRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Controllers that come and go while workflows run. */
class RecoveryTest {
    private static final Map<String, String> SETTINGS = Map.of("tiphys.archive.enabled", "false");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private TestSystem system;

    @BeforeEach
    void start() throws Exception {
        system = new TestSystem();
    }

    @AfterEach
    void stop() throws Exception {
        system.close();
    }

    @Test
    void anotherControllerCarriesOnWhereOneStopped() {
        Controller first = system.startController(SETTINGS);
        system.kubelet().hold();
        system.create(threeSteps("handover"));
        await().atMost(PATIENCE).until(() -> system.kubelet().ran().size(), count -> count == 2);

        first.close();
        system.kubelet().release();
        system.startController(SETTINGS);

        assertThat(system.finished("handover").getStatus().phase()).isEqualTo(WorkflowPhase.SUCCEEDED);
        assertThat(system.kubelet().ran()).hasSize(4).doesNotHaveDuplicates();
    }

    @Test
    void threeReplicasDoTheSameAsOne() {
        List<Controller> replicas = IntStream.range(0, 3)
                .mapToObj(_ -> system.startController(SETTINGS))
                .toList();
        await().atMost(PATIENCE).until(() -> {
            var owned = new HashSet<Integer>();
            replicas.forEach(replica -> owned.addAll(replica.ownedShards()));
            return owned.size() == system.shards()
                    && replicas.stream()
                            .noneMatch(replica -> replica.ownedShards().isEmpty());
        });
        List<String> names =
                IntStream.range(0, 9).mapToObj(number -> "wf-" + number).toList();
        names.forEach(name -> system.create(threeSteps(name)));

        replicas.getFirst().close();

        for (String name : names) {
            Workflow finished = system.finished(name);
            assertThat(finished.getStatus().phase())
                    .as(finished.getStatus().nodes().toString())
                    .isEqualTo(WorkflowPhase.SUCCEEDED);
        }
        assertThat(system.kubelet().ran()).hasSize(36).doesNotHaveDuplicates();
    }

    @Test
    void aControllerThatJoinsTakesItsShareWhileTheShardsThatStayGoOn() {
        Controller first = system.startController(SETTINGS);
        system.kubelet().hold();
        List<String> names =
                IntStream.range(0, 6).mapToObj(number -> "wf-" + number).toList();
        names.forEach(name -> system.create(threeSteps(name)));
        await().atMost(PATIENCE).until(() -> system.kubelet().ran().size() == 12);

        Controller second = system.startController(SETTINGS);
        await().atMost(PATIENCE)
                .until(() -> second.ownedShards().size() == system.shards() / 2
                        && first.ownedShards().size() == system.shards() / 2);
        system.kubelet().release();

        for (String name : names) {
            assertThat(system.finished(name).getStatus().phase()).isEqualTo(WorkflowPhase.SUCCEEDED);
        }
        assertThat(system.kubelet().ran()).hasSize(24).doesNotHaveDuplicates();
        assertThat(system.metrics(first).get("tiphys.journal.open").timer().count())
                .as("shards that the first one restored, when there was no other")
                .isEqualTo(system.shards());
        assertThat(system.metrics(second).get("tiphys.journal.open").timer().count())
                .isEqualTo(system.shards() / 2);
    }

    @Test
    void aRetriedNodeWaitsUntilItsOldPodIsGoneAndSurvivesAHandover() {
        Controller first = system.startController(SETTINGS);
        Workflow failed = system.create("""
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: again}
                spec:
                  entrypoint: main
                  templates:
                  - name: main
                    metadata: {annotations: {test/exit-code: "1"}}
                    container: {image: "alpine:latest", command: ["false"]}
                """);
        assertThat(system.finished("again").getStatus().phase()).isEqualTo(WorkflowPhase.FAILED);
        var old = system.client().pods().inNamespace(TestSystem.NAMESPACE).withName("again");
        String oldUid = old.require().getMetadata().getUid();
        old.edit(pod -> new PodBuilder(pod)
                .editMetadata()
                .addToFinalizers("test/lingers")
                .endMetadata()
                .build());

        system.kubelet().mend();
        system.kubelet().hold();
        system.send(new WorkflowCommand.Retry(
                "retry-1",
                new WorkflowRef(
                        TestSystem.NAMESPACE, "again", failed.getMetadata().getUid()),
                Instant.now(),
                false,
                null,
                List.of()));
        await().atMost(PATIENCE)
                .until(() -> system.get("again").getStatus().nodes().values().stream()
                        .anyMatch(node -> String.valueOf(node.message()).contains("earlier attempt")));
        assertThat(system.kubelet().ran()).containsExactly("again");
        old.edit(pod -> new PodBuilder(pod)
                .editMetadata()
                .withFinalizers(List.of())
                .endMetadata()
                .build());
        await().atMost(PATIENCE).until(() -> system.kubelet().ran().size() == 2);
        first.close();
        system.kubelet().release();
        system.startController(SETTINGS);

        assertThat(system.finished("again").getStatus().phase()).isEqualTo(WorkflowPhase.SUCCEEDED);
        assertThat(system.kubelet().ran()).containsExactly("again", "again");
        assertThat(old.require().getMetadata().getUid()).isNotEqualTo(oldUid);
        assertThat(system.tombstones())
                .as("the node of the same id is there again, so its record stays")
                .doesNotContain(NodeChange.key(failed.getMetadata().getUid(), "again"));
    }

    @Test
    void journalsNodesYoungestFirstAndTheRunLast() {
        system.startController(SETTINGS);
        system.kubelet().hold();
        system.create("""
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: wide}
                spec:
                  entrypoint: main
                  templates:
                  - name: main
                    steps:
                    - - {name: a, template: work, withSequence: {count: "30"}}
                    - - {name: b, template: work}
                  - name: work
                    container: {image: "alpine:latest", command: ["true"]}
                """);
        await().atMost(PATIENCE).until(() -> system.kubelet().ran().size() == 30);
        system.kubelet().release();
        system.finished("wide");

        Map<Long, List<Integer>> writes = new TreeMap<>();
        for (NodeChange change : system.journaled()) {
            if (!change.nodeId().startsWith("#")) {
                // the run's record counts as older than every node
                int age = change.nodeId().isEmpty()
                        ? -1
                        : Objects.requireNonNull(change.state()).path("seq").asInt();
                writes.computeIfAbsent(change.seq(), _ -> new ArrayList<>()).add(age);
            }
        }
        assertThat(writes).isNotEmpty();
        assertThat(writes.values())
                .allSatisfy(write -> assertThat(write).isSortedAccordingTo(Comparator.reverseOrder()));
    }

    /** Two steps side by side, then one, then another. */
    private static String threeSteps(String name) {
        return """
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: %s}
                spec:
                  entrypoint: main
                  templates:
                  - name: main
                    steps:
                    - - {name: a, template: work}
                      - {name: b, template: work}
                    - - {name: c, template: work}
                    - - {name: d, template: work}
                  - name: work
                    container: {image: "alpine:latest", command: ["true"]}
                """.formatted(name);
    }
}
