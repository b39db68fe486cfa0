package io.tiphys.controller.ownership;

import io.tiphys.controller.shard.Deliveries;
import io.tiphys.controller.shard.Lease;
import io.tiphys.controller.shard.ShardInput;
import io.tiphys.messages.KafkaClients;
import io.tiphys.messages.Topics;
import io.tiphys.messages.UnreadableRecordException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidSessionTimeoutException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which shards this replica owns: those that the consumer group of controllers gives it ({@link ShardAssignor}). Task results
 * and commands are read here and handed to their shard; node-changes is read by the journal, and only takes part here for
 * the assignment.
 *
 * <p>The group's coordinator is asked again and again whether we are still a member, by committing an offset, which only
 * members may; its answer is what the {@link Lease} lives on. While Kafka can't be reached the membership is kept up as well as
 * possible; when the consumer fails for good, another one joins, after a pause that grows to {@link #LONGEST_PAUSE}.
 */
public final class ShardOwnership implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(ShardOwnership.class);
    private static final String GROUP = "tiphys-controller";
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** A member that takes longer to let go of its shards is taken for dead by the others. */
    private static final Duration LETTING_GO = Duration.ofMinutes(3);

    /** What brokers allow that weren't told otherwise ({@code group.min.session.timeout.ms}). */
    private static final Duration USUAL_SHORTEST_SESSION = Duration.ofSeconds(6);

    private static final int HOLD_BACK_AT = 20_000;

    /** Topics that shards take records from. */
    private static final List<String> INBOXES = List.of(Topics.TASK_RESULTS.name(), Topics.COMMANDS.name());

    /** What happens to the shards. Called on the ownership's thread. */
    public interface Shards {
        /** Exactly these are owned from now on. When it returns, no other shard of this replica does anything more. */
        void own(Set<Integer> shards);

        void post(int shard, ShardInput input);

        int backlog(int shard);

        /** Keeps a record that can't be read or applied, with the reason; {@code kept} is run once that is safe. */
        void deadLetter(ConsumerRecord<String, byte[]> record, String reason, Runnable kept);
    }

    private final String bootstrapServers;
    private final int shardCount;
    private final Lease lease;
    private final Shards shards;
    private final Map<TopicPartition, ProcessedOffsets> processed = new HashMap<>();
    private final Set<Integer> owned = new TreeSet<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private Duration session;
    private volatile @Nullable KafkaConsumer<String, byte[]> consumer;
    private volatile boolean isMember;
    private volatile boolean ownsNothing = true;
    private volatile String problem = "";

    /**
     * Joins the group when it is run.
     *
     * @param session a replica that wasn't heard of for so long loses its shards; what the {@link Lease} is valid for must be less
     */
    public ShardOwnership(String bootstrapServers, int shardCount, Duration session, Lease lease, Shards shards) {
        this.bootstrapServers = bootstrapServers;
        this.shardCount = shardCount;
        this.session = session;
        this.lease = lease;
        this.shards = shards;
    }

    /** Whether this replica takes part in the group, with shards or without. */
    public boolean isMember() {
        return isMember && (lease.isValid() || ownsNothing);
    }

    /** What is wrong with the membership, or empty. */
    public String problem() {
        return problem;
    }

    /** Ends the membership and gives up all shards; {@link #run} returns. */
    public void close() {
        closed.countDown();
        KafkaConsumer<String, byte[]> running = consumer;
        if (running != null) {
            running.wakeup();
        }
    }

    @Override
    public void run() {
        Duration pause = POLL;
        while (isOpen()) {
            long begun = System.nanoTime();
            try (KafkaConsumer<String, byte[]> joining = newConsumer()) {
                consumer = joining;
                takePart(joining);
            } catch (InvalidSessionTimeoutException e) {
                LOG.warn(
                        "the broker allows no session timeout of {}; {} it is, so shards of a replica that died are taken"
                                + " over later. Set the broker's group.min.session.timeout.ms to change that",
                        session,
                        USUAL_SHORTEST_SESSION);
                session = USUAL_SHORTEST_SESSION;
            } catch (KafkaException e) {
                LOG.error("the membership in the group of controllers failed; joining again in {}", pause, e);
                problem = String.valueOf(e.getMessage());
            } finally {
                consumer = null;
                isMember = false;
            }
            boolean lived = System.nanoTime() - begun > LONGEST_PAUSE.toNanos();
            pause = lived ? POLL : pause.multipliedBy(2);
            pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
            awaitClose(pause);
        }
    }

    private boolean isOpen() {
        return closed.getCount() > 0;
    }

    private void awaitClose(Duration atMost) {
        try {
            var _ = closed.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed.countDown();
        }
    }

    private KafkaConsumer<String, byte[]> newConsumer() {
        return KafkaClients.consumer(
                bootstrapServers,
                "tiphys-controller",
                Map.of(
                        ConsumerConfig.GROUP_ID_CONFIG,
                        GROUP,
                        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                        List.of(ShardAssignor.class),
                        ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                        (int) session.toMillis(),
                        ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                        (int) session.dividedBy(7).toMillis(),
                        ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
                        (int) LETTING_GO.toMillis()));
    }

    private void takePart(KafkaConsumer<String, byte[]> member) {
        try {
            member.subscribe(ShardAssignor.TOPICS, new Rebalance(member));
            Confirmation confirmation = new Confirmation(member);
            while (isOpen()) {
                try {
                    member.poll(POLL).forEach(this::handOver);
                    holdBackOrGoOn(member);
                    confirmation.renew();
                } catch (WakeupException e) {
                    LOG.trace("woken up");
                } catch (RetriableException e) {
                    LOG.warn("Kafka can't be reached as it should, to be tried again: {}", e.toString());
                    problem = e.toString();
                }
            }
        } finally {
            owned.clear();
            tell();
            commitQuietly(member);
            lease.lost();
            processed.clear();
        }
    }

    private void tell() {
        ownsNothing = owned.isEmpty();
        shards.own(Set.copyOf(owned));
    }

    private void handOver(ConsumerRecord<String, byte[]> record) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        ProcessedOffsets offsets = processed.computeIfAbsent(partition, _ -> new ProcessedOffsets());
        offsets.begin(record.offset());
        Runnable done = () -> offsets.done(record.offset());
        try {
            shards.post(record.partition(), Deliveries.read(record, shardCount, done));
        } catch (UnreadableRecordException e) {
            shards.deadLetter(record, String.valueOf(e.getMessage()), done);
        }
    }

    /** A shard that can't keep up gets nothing more for the time being. */
    private void holdBackOrGoOn(KafkaConsumer<String, byte[]> member) {
        List<TopicPartition> pause = new ArrayList<>();
        List<TopicPartition> resume = new ArrayList<>();
        for (int shard : owned) {
            List<TopicPartition> target = shards.backlog(shard) > HOLD_BACK_AT ? pause : resume;
            INBOXES.forEach(topic -> target.add(new TopicPartition(topic, shard)));
        }
        member.pause(pause);
        member.resume(resume);
    }

    private Map<TopicPartition, OffsetAndMetadata> toCommit() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        processed.forEach((partition, done) ->
                done.toCommit().ifPresent(offset -> offsets.put(partition, new OffsetAndMetadata(offset))));
        return offsets;
    }

    /** When this fails, records that were processed come again, which does no harm. */
    private void commitQuietly(KafkaConsumer<String, byte[]> member) {
        Map<TopicPartition, OffsetAndMetadata> offsets = toCommit();
        if (offsets.isEmpty()) {
            return;
        }
        try {
            member.commitSync(offsets, session);
        } catch (KafkaException e) {
            LOG.info("offsets were not committed, records will come again: {}", e.getMessage());
        }
    }

    /** Commits what was processed, and something anyway when the coordinator hasn't heard a commit of ours for a while. */
    private final class Confirmation {
        private final KafkaConsumer<String, byte[]> member;
        private long last = System.nanoTime();

        Confirmation(KafkaConsumer<String, byte[]> member) {
            this.member = member;
        }

        void renew() {
            Map<TopicPartition, OffsetAndMetadata> offsets = toCommit();
            boolean isTime = System.nanoTime() - last > session.dividedBy(5).toNanos();
            if (owned.isEmpty() || (offsets.isEmpty() && !isTime)) {
                return;
            }
            // of node-changes no offset is ever used, so it may be committed for the sake of the answer alone
            owned.stream()
                    .findFirst()
                    .ifPresent(shard -> offsets.put(
                            new TopicPartition(Topics.NODE_CHANGES.name(), shard), new OffsetAndMetadata(0)));
            long begun = System.nanoTime();
            try {
                member.commitSync(offsets, session);
                last = begun;
                lease.confirmed(begun);
                problem = "";
            } catch (RebalanceInProgressException e) {
                LOG.debug("not committed, the group is being rebalanced");
                giveBack(offsets);
            } catch (CommitFailedException e) {
                LOG.info("this replica is no member of the group any more: {}", e.getMessage());
                giveBack(offsets);
            } catch (RetriableException e) {
                giveBack(offsets);
                throw e;
            }
        }

        private void giveBack(Map<TopicPartition, OffsetAndMetadata> offsets) {
            offsets.keySet().forEach(partition -> {
                ProcessedOffsets notCommitted = processed.get(partition);
                if (notCommitted != null) {
                    notCommitted.notCommitted();
                }
            });
        }
    }

    private final class Rebalance implements ConsumerRebalanceListener {
        private final KafkaConsumer<String, byte[]> member;

        Rebalance(KafkaConsumer<String, byte[]> member) {
            this.member = member;
        }

        /** Only what moves to others: the rest goes on meanwhile. */
        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            lease.confirmed(System.nanoTime());
            Set<Integer> gone = shards(partitions);
            if (!gone.isEmpty()) {
                LOG.info("this replica gives up {} shards", gone.size());
                owned.removeAll(gone);
                tell();
                commitQuietly(member);
                forget(gone);
            }
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            lease.confirmed(System.nanoTime());
            isMember = true;
            problem = "";
            member.pause(partitions.stream()
                    .filter(partition -> partition.topic().equals(Topics.NODE_CHANGES.name()))
                    .toList());
            Set<Integer> gained = shards(partitions);
            if (!gained.isEmpty()) {
                owned.addAll(gained);
                LOG.info("this replica owns {} shards, {} of them new", owned.size(), gained.size());
                tell();
            }
        }

        /** Others may have them already. */
        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            lease.lost();
            isMember = false;
            Set<Integer> gone = shards(partitions);
            LOG.warn("this replica was away for too long and has lost {} shards", gone.size());
            owned.removeAll(gone);
            tell();
            forget(gone);
        }

        private void forget(Set<Integer> gone) {
            processed.keySet().removeIf(partition -> gone.contains(partition.partition()));
        }

        private static Set<Integer> shards(Collection<TopicPartition> partitions) {
            Set<Integer> numbers = new TreeSet<>();
            partitions.stream()
                    .filter(partition -> partition.topic().equals(Topics.NODE_CHANGES.name()))
                    .forEach(partition -> numbers.add(partition.partition()));
            return numbers;
        }
    }
}
