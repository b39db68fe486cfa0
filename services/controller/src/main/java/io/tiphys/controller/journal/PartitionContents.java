package io.tiphys.controller.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tiphys.api.ApiJson;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.controller.journal.JournaledRun.Entry;
import io.tiphys.messages.NodeChange;
import io.tiphys.messages.Records;
import io.tiphys.messages.UnreadableRecordException;
import io.tiphys.messages.WorkflowRef;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * What one partition of the journal holds, record by record in their order. Knows no Kafka client, so it can be fed anything.
 *
 * <p>Whoever takes over the shard writes a claim first. A record that names another writer than the last claim before it was
 * written by somebody who didn't know yet that he had been replaced: it counts for nothing. It stays in the way of compaction,
 * though; {@link #overwritten} says which keys are to be written anew.
 */
final class PartitionContents {
    /** Key of the claims: {@code #shard/<writer>}; node ids and uids begin otherwise. */
    static final String CLAIM = "#shard/";

    /** The header that says who wrote the record. */
    static final String WRITER = "tiphys_writer";

    private final Predicate<String> wanted;
    private final boolean keepsFinished;
    private final Map<String, JournaledRun> runs = new LinkedHashMap<>();
    private final Map<String, Long> overwritten = new LinkedHashMap<>();
    private final Set<String> claims = new LinkedHashSet<>();
    private final Set<String> incomplete = new HashSet<>();
    private @Nullable String writer;

    /** Of all workflows; of those that are over only that they are. */
    PartitionContents() {
        this(_ -> true, false);
    }

    /** Of these workflows all there is. */
    PartitionContents(Predicate<String> wanted) {
        this(wanted, true);
    }

    private PartitionContents(Predicate<String> wanted, boolean keepsFinished) {
        this.wanted = wanted;
        this.keepsFinished = keepsFinished;
    }

    /**
     * Takes the next record in.
     *
     * @throws UnreadableRecordException if it is of no use, and its workflow therefore counts as not journaled
     */
    void apply(ConsumerRecord<String, byte[]> record) throws UnreadableRecordException {
        String key = record.key() == null ? "" : record.key();
        if (key.startsWith(CLAIM)) {
            claimed(key.substring(CLAIM.length()), record.value() != null);
            return;
        }
        int slash = key.indexOf('/');
        if (slash <= 0) {
            throw new UnreadableRecordException("the key is not uid/nodeId: \"" + key + "\"");
        }
        String uid = key.substring(0, slash);
        String nodeId = key.substring(slash + 1);
        if (!wanted.test(uid)) {
            return;
        }
        if (isOutdated(record)) {
            JournaledRun run = runs.get(uid);
            Entry before = run == null ? null : run.get(nodeId);
            overwritten.put(key, before == null ? -1L : before.offset());
            return;
        }
        overwritten.remove(key);
        if (record.value() == null) {
            remove(uid, nodeId);
        } else {
            put(uid, nodeId, record);
        }
    }

    private void claimed(String by, boolean isClaim) {
        if (isClaim) {
            writer = by;
            claims.add(by);
        } else {
            claims.remove(by);
        }
    }

    private boolean isOutdated(ConsumerRecord<String, byte[]> record) {
        Header header = record.headers().lastHeader(WRITER);
        return writer != null && header != null && !writer.equals(new String(header.value(), UTF_8));
    }

    private void remove(String uid, String nodeId) {
        JournaledRun run = runs.get(uid);
        if (run != null) {
            run.remove(nodeId);
        }
    }

    private void put(String uid, String nodeId, ConsumerRecord<String, byte[]> record)
            throws UnreadableRecordException {
        JournalHeader header = JournalHeader.of(record.headers(), record.value());
        byte[] state;
        long seq;
        if (header == null) {
            NodeChange change = Records.read(record, NodeChange.class);
            if (change.state() == null) {
                return;
            }
            state = change.state().toString().getBytes(UTF_8);
            seq = change.seq();
        } else {
            state = Arrays.copyOfRange(record.value(), header.start(), header.start() + header.length());
            seq = header.seq();
        }
        JournaledRun run = runs.get(uid);
        if (run == null) {
            run = new JournaledRun(workflow(record, uid));
            runs.put(uid, run);
        }
        if (run.isFinished() && !nodeId.isEmpty()) {
            return;
        }
        run.put(nodeId, new Entry(state, record.offset()), seq);
        if (nodeId.isEmpty() && !keepsFinished) {
            if (isOver(state)) {
                run.finish();
                incomplete.remove(uid);
            } else if (run.isFinished()) {
                incomplete.add(uid); // it was retried, and goes on with nodes that were let go of here
            }
        }
    }

    private static WorkflowRef workflow(ConsumerRecord<String, byte[]> record, String uid)
            throws UnreadableRecordException {
        String subject = Records.attribute(record, "subject");
        int slash = subject == null ? -1 : subject.indexOf('/');
        if (subject == null || slash < 0) {
            return Records.read(record, NodeChange.class).workflow();
        }
        return new WorkflowRef(subject.substring(0, slash), subject.substring(slash + 1), uid);
    }

    /** Whether a run's own record says that it is over. */
    private static boolean isOver(byte[] state) throws UnreadableRecordException {
        try (JsonParser parser = ApiJson.mapper().createParser(state)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                boolean isPhase =
                        token == JsonToken.FIELD_NAME && parser.currentName().equals("phase");
                if (isPhase) {
                    return WorkflowPhase.of(String.valueOf(parser.nextTextValue()))
                            .isFulfilled();
                }
            }
            return false;
        } catch (IOException e) {
            throw new UnreadableRecordException("the run's record is no JSON", e);
        }
    }

    /** Per workflow uid what counts. */
    Map<String, JournaledRun> runs() {
        runs.values().removeIf(JournaledRun::isEmpty);
        return runs;
    }

    /** Workflows of which only a second reading, with {@link #PartitionContents(Predicate)}, tells all. */
    Set<String> incomplete() {
        return incomplete;
    }

    /** Keys whose newest record doesn't count, with the offset of the one that does; -1 where there is none. */
    Map<String, Long> overwritten() {
        return overwritten;
    }

    /** Who claimed the shard so far. */
    Set<String> claims() {
        return claims;
    }

    /** The workflow counts as not journaled. */
    void dismiss(String uid) {
        runs.remove(uid);
        incomplete.remove(uid);
    }
}
