package io.tiphys.controller.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializable;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.api.ApiJson;
import io.tiphys.engine.Node;
import io.tiphys.engine.Run;
import io.tiphys.messages.NodeChange;
import io.tiphys.messages.Records;
import io.tiphys.messages.WorkflowRef;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * From the engine's records to those of the topic. A header says where in the value the engine's state is, so that whoever
 * restores a run need not read what is there for others.
 */
public final class JournalRecords {
    /** In place of a node id: the workflow and its templates as they are executed. Other consumers skip it. */
    public static final String DEFINITION = "#definition";

    private final Records records;

    public JournalRecords(Records records) {
        this.records = records;
    }

    public ProducerRecord<String, byte[]> node(WorkflowRef workflow, long seq, Instant at, Run run, Node node) {
        return record(workflow, node.id(), seq, at, written(run.status(node)), json(run.record(node)));
    }

    /**
     * The run's own record.
     *
     * @param appliedCommands ids of user's commands that are in effect already
     */
    public ProducerRecord<String, byte[]> run(
            WorkflowRef workflow, long seq, Instant at, Run run, Collection<String> appliedCommands) {
        ObjectNode state = JsonNodeFactory.instance.objectNode();
        state.set("run", ApiJson.mapper().valueToTree(run.record()));
        appliedCommands.forEach(state.putArray("commands")::add);
        return record(workflow, "", seq, at, written(run.summary()), json(state));
    }

    public ProducerRecord<String, byte[]> definition(WorkflowRef workflow, long seq, Instant at, JsonNode definition) {
        return record(workflow, DEFINITION, seq, at, JsonNodeFactory.instance.objectNode(), json(definition));
    }

    public ProducerRecord<String, byte[]> tombstone(String uid, String nodeId) {
        return records.nodeTombstone(uid, nodeId);
    }

    private ProducerRecord<String, byte[]> record(
            WorkflowRef workflow, String nodeId, long seq, Instant at, JsonNode node, String state) {
        ProducerRecord<String, byte[]> record = records.toRecord(new NodeChange(
                workflow, nodeId, seq, at, node, JsonNodeFactory.instance.pojoNode(new Written(state, true))));
        int length = state.getBytes(UTF_8).length;
        new JournalHeader(record.value().length - 1 - length, length, seq).addTo(record.headers());
        return record;
    }

    private static JsonNode written(Object value) {
        return JsonNodeFactory.instance.pojoNode(new Written(value, false));
    }

    private static String json(Object value) {
        try {
            return ApiJson.mapper().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("can't be written as JSON: " + value.getClass(), e);
        }
    }

    /** A value that goes into the record as the API's types are written, without a detour. */
    private record Written(Object value, boolean isJson) implements JsonSerializable {
        @Override
        public void serialize(JsonGenerator generator, SerializerProvider provider) throws IOException {
            if (isJson) {
                generator.writeRawValue((String) value);
            } else {
                ApiJson.mapper().writeValue(generator, value);
            }
        }

        @Override
        public void serializeWithType(JsonGenerator generator, SerializerProvider provider, TypeSerializer type)
                throws IOException {
            serialize(generator, provider);
        }
    }
}
