package io.tiphys.controller.ownership;

import io.tiphys.messages.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.TopicPartition;

/**
 * Gives out shards instead of partitions: partition <i>n</i> of every sharded topic goes where partition <i>n</i> of
 * node-changes goes. Cooperative, as Kafka calls it: members keep and go on with what they don't lose ({@link ShardPlan}).
 * Kafka's own assignors decide for each topic by itself (sticky) or take everything from everybody first (range).
 *
 * <p>Made by the consumer, by reflection.
 */
public final class ShardAssignor implements ConsumerPartitionAssignor {
    /** Topics of which a shard has a partition each; the first one says how many shards there are. */
    static final List<String> TOPICS =
            List.of(Topics.NODE_CHANGES.name(), Topics.TASK_RESULTS.name(), Topics.COMMANDS.name());

    @Override
    public String name() {
        return "tiphys-shards";
    }

    @Override
    public List<RebalanceProtocol> supportedProtocols() {
        return List.of(RebalanceProtocol.COOPERATIVE);
    }

    @Override
    public GroupAssignment assign(Cluster metadata, GroupSubscription group) {
        Map<String, ShardPlan.Claim> claims = new HashMap<>();
        group.groupSubscription().forEach((member, subscription) -> claims.put(member, claim(subscription)));
        int shards = Objects.requireNonNullElse(metadata.partitionCountForTopic(TOPICS.getFirst()), 0);
        Map<String, Assignment> assignments = new HashMap<>();
        ShardPlan.plan(shards, claims).forEach((member, own) -> {
            List<TopicPartition> partitions = new ArrayList<>();
            own.forEach(shard -> TOPICS.forEach(topic -> partitions.add(new TopicPartition(topic, shard))));
            assignments.put(member, new Assignment(partitions));
        });
        return new GroupAssignment(assignments);
    }

    private static ShardPlan.Claim claim(Subscription subscription) {
        return new ShardPlan.Claim(
                subscription.generationId().orElse(-1),
                subscription.ownedPartitions().stream()
                        .filter(partition -> partition.topic().equals(TOPICS.getFirst()))
                        .map(TopicPartition::partition)
                        .toList());
    }
}
