package io.tiphys.controller;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.controller.parts.TestSystem;
import io.tiphys.messages.NodeChange;
import io.tiphys.messages.Topic;
import io.tiphys.messages.Topics;
import io.tiphys.messages.WorkflowCommand;
import io.tiphys.messages.WorkflowRef;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Records that can't be read or applied: they are kept apart, with the reason, and the shard goes on. */
class PoisonTest {
    private static final Map<String, String> SETTINGS = Map.of("tiphys.archive.enabled", "false");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static TestSystem system;

    private Controller controller;

    @BeforeAll
    static void startSystem() throws Exception {
        system = new TestSystem(1);
    }

    @AfterAll
    static void stopSystem() throws Exception {
        system.close();
    }

    @BeforeEach
    void start() {
        controller = system.startController(SETTINGS);
    }

    @AfterEach
    void stop() {
        controller.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            tiphys.commands     | no JSON                                                                                                  | not a readable
            tiphys.commands     | {"kind":"resume","workflow":{"namespace":"default","name":"x","uid":"u"}}                                    | id
            tiphys.commands     | {"kind":"resume","id":"1","workflow":{"namespace":"default","name":"x","uid":"u"},"nodeFieldSelector":"a b"} | selector
            tiphys.task-results | [1]                                                                                                      | not a readable
            tiphys.task-results | {"workflow":{"namespace":"default","name":"x","uid":"u"},"podName":"p","complete":true}                    | nodeId
            tiphys.task-results | {"workflow":{"namespace":"default","name":"x","uid":"u"},"nodeId":"n","podName":"p","outputs":[7]}         | outputs
            """)
    void aShardGoesOnAfterARecordOfNoUse(String topicName, String value, String reason) {
        Topic topic = topicName.equals(Topics.COMMANDS.name()) ? Topics.COMMANDS : Topics.TASK_RESULTS;
        int before = system.deadLetters(topic).size();
        String name = "waits-" + topic.name().substring("tiphys.".length()) + "-" + before;
        Workflow workflow = system.create(suspended(name));
        awaitRunning(name);

        system.send(new ProducerRecord<>(topic.name(), 0, workflow.getMetadata().getUid(), value.getBytes(UTF_8)));
        system.send(new WorkflowCommand.Resume("go", ref(workflow), Instant.now(), null));

        assertThat(system.finished(name).getStatus().phase()).isEqualTo(WorkflowPhase.SUCCEEDED);
        await().atMost(PATIENCE).until(() -> system.deadLetters(topic).size() > before);
        List<String> letters = system.deadLetters(topic);
        assertThat(letters.subList(before, letters.size()))
                .singleElement()
                .asString()
                .contains(reason);
    }

    @Test
    void aWorkflowWhoseJournalIsDamagedGoesOnByItsStatusAndTheOthersDoNotNotice() {
        Workflow damaged = system.create(suspended("damaged"));
        Workflow sound = system.create(suspended("sound"));
        awaitRunning("damaged");
        awaitRunning("sound");

        String uid = damaged.getMetadata().getUid();
        system.send(new ProducerRecord<>(
                Topics.NODE_CHANGES.name(), 0, NodeChange.key(uid, "damaged"), "no JSON".getBytes(UTF_8)));
        system.send(new ProducerRecord<>(Topics.NODE_CHANGES.name(), 0, "no key of ours", "{}".getBytes(UTF_8)));
        controller.close();
        controller = system.startController(SETTINGS);
        await().atMost(PATIENCE)
                .until(() -> system.deadLetters(Topics.NODE_CHANGES).size() == 2);
        system.send(new WorkflowCommand.Resume("go-1", ref(sound), Instant.now(), null));
        system.send(new WorkflowCommand.Resume("go-2", ref(damaged), Instant.now(), null));

        assertThat(system.finished("sound").getStatus().phase()).isEqualTo(WorkflowPhase.SUCCEEDED);
        assertThat(system.finished("damaged").getStatus().phase()).isEqualTo(WorkflowPhase.SUCCEEDED);
        assertThat(system.kubelet().ran())
                .filteredOn(pod -> pod.startsWith("sound-") || pod.startsWith("damaged-"))
                .hasSize(4)
                .doesNotHaveDuplicates();

        controller.close();
        controller = system.startController(SETTINGS);
        system.create(suspended("later"));
        awaitRunning("later");
        assertThat(system.deadLetters(Topics.NODE_CHANGES))
                .as("kept apart once")
                .hasSize(2);
    }

    private void awaitRunning(String name) {
        await().atMost(PATIENCE)
                .until(() -> system.get(name).getStatus().nodes().values().stream()
                        .anyMatch(node -> "hold".equals(node.displayName())));
    }

    private static WorkflowRef ref(Workflow workflow) {
        var meta = workflow.getMetadata();
        return new WorkflowRef(meta.getNamespace(), meta.getName(), meta.getUid());
    }

    private static String suspended(String name) {
        return """
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: %s}
                spec:
                  entrypoint: main
                  templates:
                  - name: main
                    steps:
                    - - {name: before, template: work}
                    - - {name: hold, template: wait}
                    - - {name: after, template: work}
                  - name: wait
                    suspend: {}
                  - name: work
                    container: {image: "alpine:latest", command: ["true"]}
                """.formatted(name);
    }
}
