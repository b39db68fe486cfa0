package io.tiphys.controller.shard;

import io.tiphys.messages.Message;
import io.tiphys.messages.Records;
import io.tiphys.messages.Shards;
import io.tiphys.messages.TaskResult;
import io.tiphys.messages.Topics;
import io.tiphys.messages.UnreadableRecordException;
import io.tiphys.messages.WorkflowCommand;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Records of the topics that shards take from, as their inputs. */
public final class Deliveries {
    private Deliveries() {}

    /**
     * What the record asks of its shard.
     *
     * @param shards how many there are
     * @param processed to be run when it is in effect
     * @throws UnreadableRecordException if it can't be read, can't be applied whatever the workflow's state is, or isn't in
     *     the partition of its workflow
     */
    public static ShardInput read(ConsumerRecord<String, byte[]> record, int shards, Runnable processed)
            throws UnreadableRecordException {
        if (record.topic().equals(Topics.COMMANDS.name())) {
            WorkflowCommand command = Records.read(record, WorkflowCommand.class);
            checkPartition(record, command, shards);
            require(command.id(), "id", command);
            if (Commands.toInput(command, Instant.EPOCH).isEmpty()) {
                throw new UnreadableRecordException("a command whose selector or phase can't be read: " + command);
            }
            return new ShardInput.CommandArrived(command, processed);
        }
        TaskResult result = Records.read(record, TaskResult.class);
        checkPartition(record, result, shards);
        require(result.nodeId(), "nodeId", result);
        if (TaskResults.toInput(result, Instant.EPOCH).isEmpty()) {
            throw new UnreadableRecordException(
                    "a result of node " + result.nodeId() + " whose outputs can't be read as Argo's");
        }
        return new ShardInput.ResultArrived(result, processed);
    }

    /** Says what the type says, too, but nothing holds JSON to that. */
    private static void require(@Nullable String value, String field, Message message)
            throws UnreadableRecordException {
        if (value == null || value.isEmpty()) {
            throw new UnreadableRecordException(
                    "a " + message.getClass().getSimpleName() + " without the field '" + field + "'");
        }
    }

    private static void checkPartition(ConsumerRecord<String, byte[]> record, Message message, int shards)
            throws UnreadableRecordException {
        int shard = Shards.of(message.workflow().uid(), shards);
        if (shard != record.partition()) {
            throw new UnreadableRecordException("the workflow with the uid %s belongs to partition %d of %d, not to %d"
                    .formatted(message.workflow().uid(), shard, shards, record.partition()));
        }
    }
}
