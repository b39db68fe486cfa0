package io.tiphys.messages;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A topic and how it is set up.
 *
 * @param sharded whether records go to the partition that is their workflow's shard, rather than where the key hashes to
 * @param retention how long records are kept; null for a compacted topic, which keeps the newest record of each key
 */
public record Topic(
        String name,
        int partitions,
        boolean sharded,
        @Nullable Duration retention) {

    /** Where records go that can't be read or applied. */
    public Topic deadLetters() {
        return new Topic(name + ".dlq", 1, false, Duration.ofDays(30));
    }

    public boolean compacted() {
        return retention == null;
    }

    /** The topic's configuration as Kafka names it. */
    public Map<String, String> configs() {
        Map<String, String> configs = new TreeMap<>();
        configs.put("max.message.bytes", Integer.toString(Topics.MAX_MESSAGE_BYTES));
        if (retention == null) {
            configs.put("cleanup.policy", "compact");
            configs.put("min.cleanable.dirty.ratio", "0.2");
            // whoever takes over a shard finds what a controller overwrote that had been replaced, and what came before
            // it
            configs.put(
                    "min.compaction.lag.ms", Long.toString(Duration.ofMinutes(1).toMillis()));
            // deleted workflows leave, however little else is written
            configs.put(
                    "max.compaction.lag.ms", Long.toString(Duration.ofHours(1).toMillis()));
            configs.put("segment.bytes", Integer.toString(32 * 1024 * 1024));
            configs.put("segment.ms", Long.toString(Duration.ofHours(1).toMillis()));
            configs.put("delete.retention.ms", Long.toString(Duration.ofDays(1).toMillis()));
        } else {
            configs.put("cleanup.policy", "delete");
            configs.put("retention.ms", Long.toString(retention.toMillis()));
        }
        return configs;
    }
}
