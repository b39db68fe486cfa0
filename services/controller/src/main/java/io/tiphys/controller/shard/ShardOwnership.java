package io.tiphys.controller.shard;

import io.tiphys.messages.KafkaClients;
import io.tiphys.messages.Records;
import io.tiphys.messages.TaskResult;
import io.tiphys.messages.Topic;
import io.tiphys.messages.Topics;
import io.tiphys.messages.UnreadableRecordException;
import io.tiphys.messages.WorkflowCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which shards this replica owns: those whose partitions Kafka's consumer group gives it. Partition <i>n</i> of
 * node-changes, task-results and commands always come together (range assignor over topics with as many partitions).
 * Task results and commands are read here and handed to their shard; node-changes is read by the journal, and only takes
 * part here for the assignment.
 */
public final class ShardOwnership implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(ShardOwnership.class);
    private static final String GROUP = "tiphys-controller";
    private static final Duration POLL = Duration.ofMillis(500);
    private static final int HOLD_BACK_AT = 20_000;
    private static final List<Topic> INBOXES = List.of(Topics.TASK_RESULTS, Topics.COMMANDS);

    /** What happens to the shards. Called on the ownership's thread. */
    public interface Shards {
        /** Exactly these are owned from now on. When it returns, no other shard of this replica does anything more. */
        void own(Set<Integer> shards);

        void post(int shard, ShardInput input);

        int backlog(int shard);

        void deadLetter(ConsumerRecord<String, byte[]> record, String reason);
    }

    private final KafkaConsumer<String, byte[]> consumer;
    private final Shards shards;
    private final Map<TopicPartition, ProcessedOffsets> processed = new HashMap<>();
    private final Set<Integer> owned = new TreeSet<>();
    private volatile boolean closed;
    private volatile boolean isMember;

    /**
     * Joins the group when it is run.
     *
     * @param instanceId makes the membership static: after a restart within the session timeout the same shards come back
     *     at once
     */
    public ShardOwnership(String bootstrapServers, Optional<String> instanceId, Shards shards) {
        Map<String, Object> config = new HashMap<>();
        config.put(ConsumerConfig.GROUP_ID_CONFIG, GROUP);
        config.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, RangeAssignor.class.getName());
        config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
        config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 2_000);
        instanceId.ifPresent(id -> config.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, id));
        this.consumer = KafkaClients.consumer(bootstrapServers, "tiphys-controller", config);
        this.shards = shards;
    }

    /** Whether this replica takes part in the group, with shards or without. */
    public boolean isMember() {
        return isMember;
    }

    /** Ends the membership and gives up all shards; {@link #run} returns. */
    public void close() {
        closed = true;
        consumer.wakeup();
    }

    @Override
    public void run() {
        try (consumer) {
            consumer.subscribe(
                    List.of(Topics.NODE_CHANGES.name(), Topics.TASK_RESULTS.name(), Topics.COMMANDS.name()),
                    new Rebalance());
            while (!closed) {
                try {
                    consumer.poll(POLL).forEach(this::handOver);
                    holdBackOrGoOn();
                    commit();
                } catch (WakeupException e) {
                    LOG.debug("woken up");
                } catch (CommitFailedException e) {
                    LOG.info("offsets were not committed, the group has been rebalanced: {}", e.getMessage());
                }
            }
            shards.own(Set.of());
            commit();
        } catch (KafkaException e) {
            LOG.error("this replica can't own shards any more", e);
            shards.own(Set.of());
        } finally {
            isMember = false;
        }
    }

    private void handOver(ConsumerRecord<String, byte[]> record) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        ProcessedOffsets offsets = processed.computeIfAbsent(partition, _ -> new ProcessedOffsets());
        offsets.begin(record.offset());
        Runnable done = () -> offsets.done(record.offset());
        try {
            ShardInput input = record.topic().equals(Topics.COMMANDS.name())
                    ? new ShardInput.CommandArrived(Records.read(record, WorkflowCommand.class), done)
                    : new ShardInput.ResultArrived(Records.read(record, TaskResult.class), done);
            shards.post(record.partition(), input);
        } catch (UnreadableRecordException e) {
            shards.deadLetter(record, String.valueOf(e.getMessage()));
            done.run();
        }
    }

    /** A shard that can't keep up gets nothing more for the time being. */
    private void holdBackOrGoOn() {
        List<TopicPartition> pause = new ArrayList<>();
        List<TopicPartition> resume = new ArrayList<>();
        for (int shard : owned) {
            List<TopicPartition> target = shards.backlog(shard) > HOLD_BACK_AT ? pause : resume;
            INBOXES.forEach(topic -> target.add(new TopicPartition(topic.name(), shard)));
        }
        consumer.pause(pause);
        consumer.resume(resume);
    }

    private void commit() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        processed.forEach((partition, done) ->
                done.toCommit().ifPresent(offset -> offsets.put(partition, new OffsetAndMetadata(offset))));
        if (!offsets.isEmpty()) {
            consumer.commitSync(offsets);
        }
    }

    private final class Rebalance implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            change(partitions, false);
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            isMember = true;
            consumer.pause(partitions.stream()
                    .filter(partition -> partition.topic().equals(Topics.NODE_CHANGES.name()))
                    .toList());
            change(partitions, true);
        }

        private void change(Collection<TopicPartition> partitions, boolean gained) {
            Set<Integer> numbers = new TreeSet<>();
            partitions.stream()
                    .filter(partition -> partition.topic().equals(Topics.NODE_CHANGES.name()))
                    .forEach(partition -> numbers.add(partition.partition()));
            if (gained) {
                owned.addAll(numbers);
            } else {
                owned.removeAll(numbers);
                shards.own(Set.copyOf(owned));
                commitQuietly();
                processed.keySet().removeIf(partition -> numbers.contains(partition.partition()));
                return;
            }
            LOG.info("this replica owns {} shards", owned.size());
            shards.own(Set.copyOf(owned));
        }

        private void commitQuietly() {
            try {
                commit();
            } catch (KafkaException e) {
                LOG.info("offsets were not committed, records will come again: {}", e.getMessage());
            }
        }
    }
}
