package io.tiphys.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tiphys.controller.parts.TestBroker;
import io.tiphys.messages.KafkaClients;
import io.tiphys.messages.Topic;
import io.tiphys.messages.Topics;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Topics that somebody else made, on a real broker. */
class TopicsTest {
    private static TestBroker broker;
    private static Admin admin;

    @BeforeAll
    static void start() throws Exception {
        broker = TestBroker.start(Files.createTempDirectory("tiphys-kafka"));
        admin = KafkaClients.admin(broker.bootstrapServers(), "test");
    }

    @AfterAll
    static void stop() {
        admin.close();
        broker.close();
    }

    @Test
    void settingsAreMendedAndNumbersOfPartitionsThatDoNotFitAreNamed() throws Exception {
        create(Topics.LOCKS, 3, Map.of());
        assertThatThrownBy(() -> Topics.ensure(admin))
                .isInstanceOf(KafkaException.class)
                .hasMessageContaining("tiphys.locks")
                .hasMessageContaining("number of partitions is 3 and must be 1");
        delete(Topics.LOCKS, Topics.COMMANDS);

        create(Topics.COMMANDS, 5, Map.of());
        assertThatThrownBy(() -> Topics.ensure(admin))
                .isInstanceOf(KafkaException.class)
                .hasMessageContaining("tiphys.commands")
                .hasMessageContaining("is 5 and must be 64");
        delete(Topics.COMMANDS, Topics.NODE_CHANGES, Topics.TASK_RESULTS);

        create(Topics.NODE_CHANGES, 64, Map.of("cleanup.policy", "delete", "retention.ms", "1000"));
        Topics.ensure(admin);
        await().atMost(Duration.ofSeconds(30)) // the broker learns it from its controller
                .until(() -> setting(Topics.NODE_CHANGES, "cleanup.policy").equals("compact"));
        assertThat(setting(Topics.COMMANDS, "retention.ms")).isEqualTo(Long.toString(7L * 24 * 3600 * 1000));
    }

    private static void create(Topic topic, int partitions, Map<String, String> configs) throws Exception {
        admin.createTopics(
                        List.of(new NewTopic(topic.name(), Optional.of(partitions), Optional.empty()).configs(configs)))
                .all()
                .get(30, TimeUnit.SECONDS);
    }

    private static void delete(Topic... topics) throws Exception {
        List<String> names = Stream.of(topics).map(Topic::name).toList();
        admin.deleteTopics(names).all().get(30, TimeUnit.SECONDS);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> Collections.disjoint(admin.listTopics().names().get(30, TimeUnit.SECONDS), names));
    }

    private static String setting(Topic topic, String name) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
        Map<ConfigResource, Config> found =
                admin.describeConfigs(List.of(resource)).all().get(30, TimeUnit.SECONDS);
        return Objects.requireNonNull(found.get(resource)).get(name).value();
    }
}
