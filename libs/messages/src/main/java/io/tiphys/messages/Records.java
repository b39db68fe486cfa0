package io.tiphys.messages;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Messages to Kafka records and back. Keys are strings, values are bytes: CloudEvents 1.0 in binary content mode (Kafka
 * protocol binding), that is, attributes as {@code ce_…} headers and the data as JSON in the value.
 */
public final class Records {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
            .build();

    private final String source;
    private final int shards;

    /**
     * @param source CloudEvents' {@code source}: who sends, for example {@code /tiphys/controller}
     * @param shards partitions of the sharded topics, as {@link Topics#ensure} found them
     */
    public Records(String source, int shards) {
        this.source = source;
        this.shards = shards;
    }

    /** The mapper that messages are written and read with; ignores fields it doesn't know. */
    public static ObjectMapper mapper() {
        return MAPPER;
    }

    /** The record to produce for this message. */
    public ProducerRecord<String, byte[]> toRecord(Message message) {
        Headers headers = new RecordHeaders();
        add(headers, "ce_specversion", "1.0");
        add(headers, "ce_id", message.eventId());
        add(headers, "ce_type", message.eventType());
        add(headers, "ce_source", source);
        add(
                headers,
                "ce_subject",
                message.workflow().namespace() + "/" + message.workflow().name());
        add(headers, "ce_time", message.at().toString());
        add(headers, "content-type", "application/json");
        Topic topic = message.topic();
        return new ProducerRecord<>(
                topic.name(), partition(topic, message.workflow().uid()), message.key(), write(message), headers);
    }

    /** The record that removes a node (or, with an empty id, the workflow's own record) from the compacted topic. */
    public ProducerRecord<String, byte[]> nodeTombstone(String uid, String nodeId) {
        Topic topic = Topics.NODE_CHANGES;
        return new ProducerRecord<>(topic.name(), partition(topic, uid), NodeChange.key(uid, nodeId), null);
    }

    /** The records that end a wish for locks, and wipe out the answer to it. */
    public List<ProducerRecord<String, byte[]>> lockTombstones(String wish) {
        String topic = Topics.LOCKS.name();
        return List.of(
                new ProducerRecord<>(topic, 0, LockMessage.WISH + wish, null),
                new ProducerRecord<>(topic, 0, LockMessage.ANSWER + wish, null));
    }

    /**
     * The record for the dead-letter topic: the failed one as it was, with headers that say why and where it came from.
     */
    public static ProducerRecord<String, byte[]> deadLetter(ConsumerRecord<String, byte[]> failed, String reason) {
        Headers headers = new RecordHeaders(List.of(failed.headers().toArray()));
        add(headers, "tiphys_reason", reason);
        add(headers, "tiphys_source_topic", failed.topic());
        add(headers, "tiphys_source_partition", Integer.toString(failed.partition()));
        add(headers, "tiphys_source_offset", Long.toString(failed.offset()));
        return new ProducerRecord<>(failed.topic() + ".dlq", null, failed.key(), failed.value(), headers);
    }

    /**
     * The message in a record.
     *
     * @throws UnreadableRecordException if the value is absent, isn't JSON or lacks what the type needs
     */
    public static <T extends Message> T read(ConsumerRecord<String, byte[]> consumed, Class<T> type)
            throws UnreadableRecordException {
        byte[] value = consumed.value();
        if (value == null) {
            throw new UnreadableRecordException("record without a value where a " + type.getSimpleName() + " is due");
        }
        try {
            T message = MAPPER.readValue(value, type);
            if (message == null || message.workflow() == null) {
                throw new UnreadableRecordException(type.getSimpleName() + " without the field 'workflow'");
            }
            return message;
        } catch (IOException e) {
            throw new UnreadableRecordException(
                    "not a readable " + type.getSimpleName() + ": " + firstLine(e.getMessage()), e);
        }
    }

    /** The value of a CloudEvents attribute ({@code id}, {@code type}, …), or null if the record has none. */
    public static @Nullable String attribute(ConsumerRecord<?, ?> consumed, String attribute) {
        Header header = consumed.headers().lastHeader("ce_" + attribute);
        return header == null ? null : new String(header.value(), UTF_8);
    }

    private @Nullable Integer partition(Topic topic, String uid) {
        if (topic.sharded()) {
            return Shards.of(uid, shards);
        }
        return topic.partitions() == 1 ? (Integer) 0 : null;
    }

    private static byte[] write(Message message) {
        try {
            return MAPPER.writeValueAsBytes(message);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("can't be written as JSON: " + message.getClass(), e);
        }
    }

    private static void add(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(UTF_8));
    }

    private static String firstLine(@Nullable String text) {
        return text == null ? "?" : text.lines().findFirst().orElse("?");
    }
}
