package io.tiphys.messages;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * An event from outside that may start workflows, as it was accepted. It is about no workflow yet, so it is no {@link Message}.
 *
 * @param id the sender's, where it gave one: what comes twice under the same id is the same event
 * @param discriminator last part of the URL that it was sent to; may be empty
 * @param metadata request headers that begin with {@code x-}, in lower case
 * @param payload what was sent
 */
public record Trigger(
        String id,
        Instant at,
        String namespace,
        String discriminator,
        Map<String, List<String>> metadata,
        @Nullable JsonNode payload) {

    public Trigger {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(namespace, "namespace");
        discriminator = Objects.requireNonNullElse(discriminator, "");
        metadata = metadata == null ? Map.of() : Map.copyOf(metadata);
    }

    /**
     * The record to produce.
     *
     * @param partition where it is to go; null for anywhere
     */
    public ProducerRecord<String, byte[]> toRecord(@Nullable Integer partition) {
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(Topics.TRIGGERS.name(), partition, id, write());
        record.headers()
                .add("ce_specversion", "1.0".getBytes(UTF_8))
                .add("ce_id", id.getBytes(UTF_8))
                .add("ce_type", "io.tiphys.trigger.accepted".getBytes(UTF_8))
                .add("ce_source", "/tiphys/submitter".getBytes(UTF_8))
                .add("ce_subject", (namespace + "/" + discriminator).getBytes(UTF_8))
                .add("ce_time", at.toString().getBytes(UTF_8))
                .add("content-type", "application/json".getBytes(UTF_8));
        return record;
    }

    /**
     * The trigger in a record.
     *
     * @throws UnreadableRecordException if there is none
     */
    public static Trigger read(ConsumerRecord<String, byte[]> consumed) throws UnreadableRecordException {
        byte[] value = consumed.value();
        if (value == null) {
            throw new UnreadableRecordException("record without a value where a Trigger is due");
        }
        try {
            return Objects.requireNonNull(Records.mapper().readValue(value, Trigger.class));
        } catch (IOException | NullPointerException e) {
            throw new UnreadableRecordException("not a readable Trigger: " + e.getMessage(), e);
        }
    }

    private byte[] write() {
        try {
            return Records.mapper().writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a trigger can be written as JSON", e);
        }
    }
}
