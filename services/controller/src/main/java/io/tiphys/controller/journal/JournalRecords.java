package io.tiphys.controller.journal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.api.ApiJson;
import io.tiphys.engine.Node;
import io.tiphys.engine.Run;
import io.tiphys.messages.NodeChange;
import io.tiphys.messages.Records;
import io.tiphys.messages.WorkflowRef;
import java.time.Instant;
import java.util.Collection;
import org.apache.kafka.clients.producer.ProducerRecord;

/** From the engine's records to those of the topic. */
public final class JournalRecords {
    /** In place of a node id: the workflow and its templates as they are executed. Other consumers skip it. */
    public static final String DEFINITION = "#definition";

    private final Records records;

    public JournalRecords(Records records) {
        this.records = records;
    }

    public ProducerRecord<String, byte[]> node(WorkflowRef workflow, long seq, Instant at, Run run, Node node) {
        return records.toRecord(
                new NodeChange(workflow, node.id(), seq, at, tree(run.status(node)), tree(run.record(node))));
    }

    /**
     * The run's own record.
     *
     * @param appliedCommands ids of user's commands that are in effect already
     */
    public ProducerRecord<String, byte[]> run(
            WorkflowRef workflow, long seq, Instant at, Run run, Collection<String> appliedCommands) {
        ObjectNode state = JsonNodeFactory.instance.objectNode();
        state.set("run", tree(run.record()));
        appliedCommands.forEach(state.putArray("commands")::add);
        return records.toRecord(new NodeChange(workflow, "", seq, at, tree(run.summary()), state));
    }

    public ProducerRecord<String, byte[]> definition(WorkflowRef workflow, long seq, Instant at, JsonNode definition) {
        return records.toRecord(
                new NodeChange(workflow, DEFINITION, seq, at, JsonNodeFactory.instance.objectNode(), definition));
    }

    public ProducerRecord<String, byte[]> tombstone(String uid, String nodeId) {
        return records.nodeTombstone(uid, nodeId);
    }

    private static JsonNode tree(Object value) {
        return ApiJson.mapper().valueToTree(value);
    }
}
