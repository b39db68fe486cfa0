package io.tiphys.messages;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What controllers tell each other about locks. Wishes and answers have a key for each time that somebody asks ({@code
 * <uid>/<node's number>/<ticket>}), so that a tombstone ends exactly that; the topic has one partition, hence one order.
 */
public sealed interface LockMessage extends Message {
    /** Node number of the workflow as a whole. */
    int WORKFLOW = -1;

    /** Node number of a workflow's permission to run at all: the operator's limits of parallelism. */
    int ADMISSION = -2;

    /** Prefix of the keys of {@link Wanted}. */
    String WISH = "want/";

    /** Prefix of the keys of {@link Answered}. */
    String ANSWER = "answer/";

    /** What a wish and its answer are known by. */
    static String wish(String uid, int node, int ticket) {
        return uid + "/" + node + "/" + ticket;
    }

    @Override
    default Topic topic() {
        return Topics.LOCKS;
    }

    /**
     * Somebody wants locks, all or none.
     *
     * @param node the node's number in the run; {@link #WORKFLOW} or {@link #ADMISSION}
     * @param ticket counts how often this holder asked
     * @param holder as status shows it
     * @param held they are held already, whatever the limits say
     */
    record Wanted(
            WorkflowRef workflow,
            int node,
            int ticket,
            Instant at,
            String holder,
            List<LockName> locks,
            int priority,
            Instant createdAt,
            boolean held)
            implements LockMessage {
        public Wanted {
            locks = List.copyOf(locks);
        }

        @JsonIgnore
        public String wish() {
            return LockMessage.wish(workflow.uid(), node, ticket);
        }

        @Override
        public String key() {
            return WISH + wish();
        }

        @Override
        public String eventType() {
            return "io.tiphys.lock.wanted";
        }

        @Override
        public String eventId() {
            return key();
        }
    }

    /**
     * One lock.
     *
     * @param name as status shows it
     * @param kind {@code MUTEX}, {@code SEMAPHORE} or {@code PARALLELISM}
     */
    record LockName(String name, String kind) {}

    /** What an answer says. */
    enum Verdict {
        GRANTED,
        DELAYED,
        REFUSED
    }

    /**
     * What became of a wish.
     *
     * @param table the {@link TableTaken#table} of who decided: an answer that comes after another one's counts for nothing
     * @param lock the first lock that wasn't to be had
     * @param holders who held the locks, by lock
     */
    record Answered(
            WorkflowRef workflow,
            int node,
            int ticket,
            Instant at,
            String table,
            Verdict verdict,
            @Nullable String lock,
            @Nullable String message,
            Map<String, List<String>> holders)
            implements LockMessage {
        @JsonIgnore
        public String wish() {
            return LockMessage.wish(workflow.uid(), node, ticket);
        }

        @Override
        public String key() {
            return ANSWER + wish();
        }

        @Override
        public String eventType() {
            return "io.tiphys.lock.answered";
        }

        @Override
        public String eventId() {
            return key() + "/" + at;
        }
    }

    /**
     * From here on this controller decides who gets which lock.
     *
     * @param workflow {@link #NOBODY}
     * @param table a name that nobody used before
     */
    record TableTaken(WorkflowRef workflow, Instant at, String table) implements LockMessage {
        /** In place of a workflow. */
        public static final WorkflowRef NOBODY = new WorkflowRef("", "", "locks");

        /** The only key. */
        public static final String KEY = "table";

        @Override
        public String key() {
            return KEY;
        }

        @Override
        public String eventType() {
            return "io.tiphys.lock.table-taken";
        }

        @Override
        public String eventId() {
            return table;
        }
    }
}
