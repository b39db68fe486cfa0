package io.tiphys.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tiphys.api.WorkflowPhase;
import io.tiphys.controller.parts.TestSystem;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Kafka or the API server is away for longer than anybody's patience with a request or a member, and comes back. */
class OutageTest {
    private static final Map<String, String> SETTINGS =
            Map.of("tiphys.archive.enabled", "false", "tiphys.controller.session-timeout", "3s");
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private TestSystem system;
    private Controller controller;

    @BeforeEach
    void start() throws Exception {
        system = new TestSystem(4);
        controller = system.startController(SETTINGS);
        system.kubelet().hold();
        system.create("""
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: patient}
                spec:
                  entrypoint: main
                  templates:
                  - name: main
                    steps:
                    - - {name: a, template: work}
                      - {name: b, template: work}
                    - - {name: c, template: work}
                  - name: work
                    container: {image: "alpine:latest", command: ["true"]}
                """);
        await().atMost(PATIENCE).until(() -> system.kubelet().ran().size() == 2);
        await().atMost(PATIENCE).until(() -> system.get("patient").getStatus().phase() == WorkflowPhase.RUNNING);
    }

    @AfterEach
    void stop() throws Exception {
        system.close();
    }

    @Test
    void kafkaIsAway() {
        system.broker().stop();
        system.kubelet().release();
        await().atMost(PATIENCE).until(() -> controller.problem().isPresent());
        assertThat(system.get("patient").getStatus().phase()).isEqualTo(WorkflowPhase.RUNNING);

        system.broker().again();

        assertEndsWell();
    }

    @Test
    void theApiServerIsAway() throws Exception {
        system.withoutApiServer(() -> {
            await().atMost(PATIENCE).until(() -> controller.problem().isPresent());
            assertThat(controller.problem().orElseThrow()).contains("API server");
        });
        system.kubelet().release();

        assertEndsWell();
    }

    private void assertEndsWell() {
        assertThat(system.finished("patient").getStatus().phase()).isEqualTo(WorkflowPhase.SUCCEEDED);
        assertThat(system.kubelet().ran())
                .filteredOn(pod -> !pod.startsWith("gone: ")) // what the kubelet could not write while nobody answered
                .hasSize(3)
                .doesNotHaveDuplicates();
        await().atMost(PATIENCE).until(() -> controller.problem().isEmpty());
    }
}
