package io.tiphys.controller.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tiphys.api.ApiJson;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.controller.journal.JournaledRun.Ending;
import io.tiphys.controller.journal.JournaledRun.Entry;
import io.tiphys.messages.NodeChange;
import io.tiphys.messages.Records;
import io.tiphys.messages.UnreadableRecordException;
import io.tiphys.messages.WorkflowRef;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * What one partition of the journal holds, record by record in their order. Knows no Kafka client, so it can be fed anything.
 *
 * <p>Whoever takes over the shard writes a claim first. A record that names another writer than the last claim before it was
 * written by somebody who didn't know yet that he had been replaced: it counts for nothing. Nor does a commit of several records ({@link
 * CommitMark}) whose end isn't there. Both stay in the way of compaction, though; {@link #repairs} says which keys are to be written
 * anew, and whoever opens the shard does so before anything else.
 *
 * <p>Compaction may take the last record of a commit away, but then a newer one of the same key has followed: a commit of which the end
 * is missing was cut off only if nothing followed about its workflow, or repairs that say so.
 */
final class PartitionContents {
    /** Key of the claims: {@code #shard/<writer>}; node ids and uids begin otherwise. */
    static final String CLAIM = "#shard/";

    /** The header that says who wrote the record. */
    static final String WRITER = "tiphys_writer";

    /** A record as it can be put in place: what it says of which node; the entry is null for a tombstone. */
    private record Change(
            String key,
            String uid,
            String nodeId,
            long offset,
            @Nullable WorkflowRef workflow,
            @Nullable Entry entry,
            long seq,
            @Nullable Ending ending) {}

    /** A commit whose end wasn't there yet. */
    private record Unended(String commit, List<Change> changes) {}

    /** A record that doesn't count. */
    private record Voided(
            String uid,
            String nodeId,
            long offset,
            @Nullable String commit) {}

    private final Predicate<String> wanted;
    private final boolean keepsFinished;
    private final Map<String, JournaledRun> runs = new LinkedHashMap<>();
    private final Map<String, Unended> unended = new LinkedHashMap<>();
    private final Map<String, Voided> voids = new LinkedHashMap<>();
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
        if (slash <= 0 && record.value() == null) {
            return; // what was there under a key of no use was wiped out
        }
        if (slash <= 0) {
            throw new UnreadableRecordException("the key is not uid/nodeId: \"" + key + "\"");
        }
        String uid = key.substring(0, slash);
        String nodeId = key.substring(slash + 1);
        if (!wanted.test(uid)) {
            return;
        }
        String by = writerOf(record);
        if (writer != null && by != null && !writer.equals(by)) {
            voids.put(key, new Voided(uid, nodeId, record.offset(), null));
            return;
        }
        CommitMark mark = CommitMark.of(record.headers());
        String commit = mark == null ? null : Repair.commit(String.valueOf(by), mark.seq());
        endOther(uid, commit, Repair.insteadOf(record.headers()));
        Change change = read(record, key, uid, nodeId);
        if (commit != null && mark != null && !mark.isLast()) {
            unended.computeIfAbsent(uid, _ -> new Unended(commit, new ArrayList<>()))
                    .changes()
                    .add(change);
            return;
        }
        Unended ended = unended.remove(uid);
        if (ended != null) {
            ended.changes().forEach(this::put);
        }
        put(change);
    }

    /** Something follows about the workflow that isn't of the commit whose end is awaited: that one counts, or never will. */
    private void endOther(String uid, @Nullable String commit, @Nullable String insteadOf) {
        Unended before = unended.get(uid);
        if (before == null || before.commit().equals(commit)) {
            return;
        }
        unended.remove(uid);
        if (before.commit().equals(insteadOf)) {
            before.changes().forEach(change -> cutOff(voids, change, before.commit()));
        } else {
            before.changes().forEach(this::put);
        }
    }

    /** Whatever else was written over it: a repair must say that this commit never counts. */
    private static void cutOff(Map<String, Voided> voids, Change change, String commit) {
        Voided known = voids.get(change.key());
        long offset = known == null ? change.offset() : Math.max(known.offset(), change.offset());
        voids.put(change.key(), new Voided(change.uid(), change.nodeId(), offset, commit));
    }

    private void claimed(String by, boolean isClaim) {
        if (isClaim) {
            writer = by;
            claims.add(by);
        } else {
            claims.remove(by);
        }
    }

    private static @Nullable String writerOf(ConsumerRecord<String, byte[]> record) {
        Header header = record.headers().lastHeader(WRITER);
        return header == null ? null : new String(header.value(), UTF_8);
    }

    private static Change read(ConsumerRecord<String, byte[]> record, String key, String uid, String nodeId)
            throws UnreadableRecordException {
        if (record.value() == null) {
            return new Change(key, uid, nodeId, record.offset(), null, null, 0, null);
        }
        JournalHeader header = JournalHeader.of(record.headers(), record.value());
        byte[] state;
        long seq;
        if (header == null) {
            NodeChange change = Records.read(record, NodeChange.class);
            state = change.state() == null ? null : change.state().toString().getBytes(UTF_8);
            seq = change.seq();
        } else {
            state = Arrays.copyOfRange(record.value(), header.start(), header.start() + header.length());
            seq = header.seq();
        }
        return new Change(
                key,
                uid,
                nodeId,
                record.offset(),
                workflow(record, uid),
                state == null ? null : new Entry(state, record.offset()),
                seq,
                state == null || !nodeId.isEmpty() ? null : ending(state));
    }

    private void put(Change change) {
        Voided known = voids.get(change.key());
        if (known != null && known.offset() < change.offset()) {
            voids.remove(change.key());
        }
        JournaledRun run = runs.get(change.uid());
        if (change.entry() == null) {
            boolean isTombstone = change.workflow() == null; // a record without a state says nothing
            if (run != null && isTombstone) {
                run.remove(change.nodeId());
            }
            return;
        }
        if (run == null) {
            run = new JournaledRun(Objects.requireNonNull(change.workflow()));
            runs.put(change.uid(), run);
        }
        if (run.isFinished() && !change.nodeId().isEmpty()) {
            return;
        }
        run.put(change.nodeId(), change.entry(), change.seq());
        if (change.nodeId().isEmpty() && !keepsFinished) {
            if (change.ending() != null) {
                run.finish(change.ending());
                incomplete.remove(change.uid());
            } else if (run.isFinished()) {
                incomplete.add(change.uid()); // it was retried, and goes on with nodes that were let go of here
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

    /** How the run is over, if its own record says so. */
    private static @Nullable Ending ending(byte[] state) throws UnreadableRecordException {
        WorkflowPhase phase = WorkflowPhase.UNKNOWN;
        try (JsonParser parser = ApiJson.mapper().createParser(state)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token != JsonToken.FIELD_NAME) {
                    continue;
                }
                if (parser.currentName().equals("phase")) {
                    phase = WorkflowPhase.of(String.valueOf(parser.nextTextValue()));
                    if (!phase.isFulfilled()) {
                        return null;
                    }
                } else if (phase.isFulfilled() && parser.currentName().equals("finishedAt")) {
                    return new Ending(phase, parser.nextLongValue(0));
                }
            }
            return phase.isFulfilled() ? new Ending(phase, 0) : null;
        } catch (IOException e) {
            throw new UnreadableRecordException("the run's record is no JSON", e);
        }
    }

    /** Per workflow uid what counts. */
    Map<String, JournaledRun> runs() {
        unended.forEach((uid, commit) -> {
            JournaledRun run = runs.get(uid);
            if (run != null) {
                commit.changes().forEach(change -> run.skip(change.seq())); // others have seen these numbers
            }
        });
        runs.values().removeIf(JournaledRun::isEmpty);
        return new LinkedHashMap<>(runs);
    }

    /** Workflows of which only a second reading, with {@link #PartitionContents(Predicate)}, tells all. */
    Set<String> incomplete() {
        return incomplete;
    }

    /** Workflows of which only a second reading tells what counts in place of records that don't. */
    Set<String> uncertain() {
        Set<String> uncertain = new HashSet<>();
        allVoids().values().forEach(each -> {
            JournaledRun run = runs.get(each.uid());
            if (run != null && run.isFinished()) {
                uncertain.add(each.uid());
            }
        });
        return uncertain;
    }

    /** What is to be written anew: keys whose newest record doesn't count. Not of workflows that are {@link #uncertain}. */
    List<Repair> repairs() {
        Set<String> uncertain = uncertain();
        List<Repair> repairs = new ArrayList<>();
        allVoids().forEach((key, each) -> {
            if (!uncertain.contains(each.uid())) {
                JournaledRun run = runs.get(each.uid());
                Entry counts = run == null ? null : run.get(each.nodeId());
                repairs.add(new Repair(key, counts == null ? -1 : counts.offset(), each.commit()));
            }
        });
        return repairs;
    }

    /** With those of commits that were cut off, if nothing follows any more. */
    private Map<String, Voided> allVoids() {
        Map<String, Voided> all = new LinkedHashMap<>(voids);
        unended.values().forEach(each -> each.changes().forEach(change -> cutOff(all, change, each.commit())));
        return all;
    }

    /** Who claimed the shard so far. */
    Set<String> claims() {
        return claims;
    }

    /** The workflow counts as not journaled. */
    void dismiss(String uid) {
        runs.remove(uid);
        incomplete.remove(uid);
        unended.remove(uid);
    }
}
