package io.tiphys.uploader;

import static org.assertj.core.api.Assertions.fail;

import io.tiphys.messages.KafkaClients;
import io.tiphys.messages.Records;
import io.tiphys.messages.TaskResult;
import io.tiphys.messages.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** Reads task results as a controller would. */
final class TaskResultsConsumer {
    private TaskResultsConsumer() {}

    /** The complete result of a workflow; there is one task per workflow in these tests. */
    static TaskResult await(String workflowUid) throws Exception {
        try (var consumer =
                KafkaClients.consumer(Surroundings.kafka().bootstrapServers(), "test", Map.<String, Object>of())) {
            var partitions = consumer.partitionsFor(Topics.TASK_RESULTS.name()).stream()
                    .map(p -> new TopicPartition(p.topic(), p.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var until = Instant.now().plusSeconds(30);
            while (Instant.now().isBefore(until)) {
                for (var consumed : consumer.poll(Duration.ofMillis(200))) {
                    var result = Records.read(consumed, TaskResult.class);
                    if (result.workflow().uid().equals(workflowUid) && result.complete()) {
                        return result;
                    }
                }
            }
        }
        return fail("no task result for workflow " + workflowUid);
    }
}
