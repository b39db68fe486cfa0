package io.tiphys.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tiphys.api.WorkflowPhase;
import io.tiphys.controller.parts.TestSystem;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
            assertThat(system.finished(name).getStatus().phase()).isEqualTo(WorkflowPhase.SUCCEEDED);
        }
        assertThat(system.kubelet().ran()).hasSize(36).doesNotHaveDuplicates();
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
