package io.tiphys.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tiphys.messages.KafkaClients;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/** What lies in the system's topics. Read as consumers do: on the disk batches are compressed. */
final class KafkaRecords {
    private KafkaRecords() {}

    /** Topic → its records so far, dead letters included, with keys and headers. */
    static Map<String, String> byTopic(String bootstrapServers) {
        Map<String, StringBuilder> texts = new LinkedHashMap<>();
        try (KafkaConsumer<String, byte[]> consumer = KafkaClients.consumer(bootstrapServers, "tiphys-e2e", Map.of())) {
            List<TopicPartition> partitions = new ArrayList<>();
            consumer.listTopics().forEach((topic, infos) -> {
                if (topic.startsWith("tiphys.")) {
                    infos.forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
                }
            });
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < end(ends, partition))) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    append(texts.computeIfAbsent(record.topic(), _ -> new StringBuilder()), record);
                }
            }
        }
        Map<String, String> byTopic = new LinkedHashMap<>();
        texts.forEach((topic, text) -> byTopic.put(topic, text.toString()));
        return byTopic;
    }

    private static long end(Map<TopicPartition, Long> ends, TopicPartition partition) {
        return Objects.requireNonNull(ends.get(partition));
    }

    private static void append(StringBuilder text, ConsumerRecord<String, byte[]> record) {
        text.append(record.key());
        for (Header header : record.headers()) {
            text.append(' ')
                    .append(header.key())
                    .append('=')
                    .append(header.value() == null ? "" : new String(header.value(), UTF_8));
        }
        text.append(' ')
                .append(record.value() == null ? "" : new String(record.value(), UTF_8))
                .append('\n');
    }
}
