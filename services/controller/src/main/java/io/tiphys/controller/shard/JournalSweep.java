package io.tiphys.controller.shard;

import io.tiphys.controller.journal.Journal.JournalException;
import io.tiphys.controller.journal.JournalRecords;
import io.tiphys.controller.journal.JournaledRun;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wipes out what the journal holds of workflows that are gone and whose runs aren't in memory. What that is only the journal
 * knows, and reading it costs as much for one workflow as for many: so they are collected and swept together, once a minute at
 * most. What isn't done when the shard goes elsewhere is found there, as those workflows don't exist. For the shard's own thread.
 */
final class JournalSweep {
    private static final Logger LOG = LoggerFactory.getLogger(JournalSweep.class);
    private static final Duration PERIOD = Duration.ofMinutes(1);

    private final int shard;
    private final ShardServices services;
    private final Consumer<ShardInput> shardInputs;
    private final Set<String> waiting = new LinkedHashSet<>();
    private Set<String> underWay = Set.of();
    private Instant next = Instant.MIN;

    JournalSweep(int shard, ShardServices services, Consumer<ShardInput> shardInputs) {
        this.shard = shard;
        this.services = services;
        this.shardInputs = shardInputs;
    }

    void add(String uid) {
        waiting.add(uid);
    }

    void clear() {
        waiting.clear();
        underWay = Set.of();
    }

    /** Begins if it is time to. */
    void go() {
        Instant now = services.clock().instant();
        if (waiting.isEmpty() || !underWay.isEmpty() || now.isBefore(next)) {
            return;
        }
        next = now.plus(PERIOD);
        underWay = Set.copyOf(waiting);
        waiting.clear();
        Set<String> uids = underWay;
        services.threads().execute(() -> {
            try {
                shardInputs.accept(
                        new ShardInput.JournalSwept(services.journal().read(shard, uids)));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (JournalException e) {
                LOG.warn("shard {} can't be searched for workflows that are gone: {}", shard, e.getMessage());
                shardInputs.accept(new ShardInput.JournalSwept(null));
            }
        });
    }

    /**
     * Wipes out what was found, but for what is of a workflow that has come back since: a list may have been older than it.
     *
     * @param known what the shard knows of workflows by now
     */
    void swept(@Nullable Map<String, JournaledRun> found, Known known, Batch batch) {
        if (found == null) {
            waiting.addAll(underWay);
        } else {
            found.forEach((uid, run) -> sweep(uid, run, known, batch));
        }
        underWay = Set.of();
    }

    private void sweep(String uid, JournaledRun found, Known known, Batch batch) {
        if (known.mayGetARun(uid)) {
            waiting.add(uid);
            return;
        }
        List<String> nodes = new ArrayList<>(found.nodes().keySet());
        nodes.add(JournalRecords.DEFINITION);
        nodes.add("");
        JournalRecords records = services.journalRecords();
        batch.tombstones(nodes.stream()
                .filter(nodeId -> !known.counts(uid, nodeId))
                .<Supplier<ProducerRecord<String, byte[]>>>map(nodeId -> () -> records.tombstone(uid, nodeId))
                .toList());
    }

    /** What the shard knows of workflows that were gone. */
    interface Known {
        /** Whether it is there again, and nobody can say yet what of its journal counts. */
        boolean mayGetARun(String uid);

        /** Whether what the journal says of the node (the run, the definition) is so. */
        boolean counts(String uid, String nodeId);
    }
}
