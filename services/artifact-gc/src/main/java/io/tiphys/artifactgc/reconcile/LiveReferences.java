package io.tiphys.artifactgc.reconcile;

import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowStatus;
import io.tiphys.artifactgc.plan.GcPlan;
import io.tiphys.artifactgc.plan.References;
import io.tiphys.artifactgc.reconcile.WorkflowGateway.Seen;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Who needs which objects, by all live workflows as they are. Callers that ask while a reading is under way share the next one; a reading
 * lists the metadata of all workflows, and reads only those that have changed since the last one and aren't being deleted, or that run and
 * have too many nodes for their status. What they need is kept as a hash for each mark, up to a bound; what doesn't fit is read each time. Thread-safe.
 */
public final class LiveReferences {
    /** When more have changed, and more than one in eight, all are listed. */
    private static final int MOST_READ_ONE_BY_ONE = 50;

    private static final int ONE_IN = 8;

    private static final int MOST_MARKS_KEPT = 2_000_000;

    private final WorkflowGateway workflows;
    private final Clock clock;
    private final int mostKept;
    private final ReentrantLock reading = new ReentrantLock();
    private final Object joining = new Object();
    private final Map<String, Needs> known = new HashMap<>();
    private int kept;
    private Batch next = new Batch();

    private static final class Batch {
        private final Set<String> asked = new HashSet<>();
        private @Nullable Map<String, Set<String>> holders;
    }

    /** What a workflow needs: hashes of {@link References}; and when that changes though the workflow doesn't. */
    private static final class Needs {
        private final String resourceVersion;
        private final Instant until;
        private final long[] marks;

        Needs(String resourceVersion, Instant until, long[] marks) {
            this.resourceVersion = resourceVersion;
            this.until = until;
            this.marks = marks;
        }
    }

    public LiveReferences(WorkflowGateway workflows, Clock clock) {
        this(workflows, clock, MOST_MARKS_KEPT);
    }

    LiveReferences(WorkflowGateway workflows, Clock clock, int mostKept) {
        this.workflows = workflows;
        this.clock = clock;
        this.mostKept = mostKept;
    }

    /**
     * The uids of the workflows that put these marks ({@link References}), as of a moment after the call; marks that nobody puts
     * are absent, others' marks may be there as well. Marks with the same hash count as the same one: at worst an object is kept for longer.
     */
    Map<String, Set<String>> holders(Set<String> marks) {
        Batch batch;
        synchronized (joining) {
            batch = next;
            batch.asked.addAll(marks);
        }
        reading.lock();
        try {
            Map<String, Set<String>> holders = batch.holders;
            if (holders == null) {
                synchronized (joining) {
                    if (next == batch) {
                        next = new Batch();
                    }
                }
                holders = read(batch.asked);
                batch.holders = holders;
            }
            return holders;
        } finally {
            reading.unlock();
        }
    }

    private Map<String, Set<String>> read(Set<String> asked) {
        Holders holders = new Holders(asked);
        Map<String, Seen> live = new HashMap<>();
        workflows.forEachSeen(seen -> {
            if (!seen.isBeingDeleted()) {
                live.put(seen.uid(), seen);
            }
        });
        known.entrySet().removeIf(entry -> isOutdated(entry.getValue(), live.get(entry.getKey())));
        kept = known.values().stream().mapToInt(needs -> needs.marks.length).sum();
        known.forEach((uid, needs) -> holders.add(uid, needs.marks));
        List<Seen> changed = new ArrayList<>();
        live.forEach((uid, seen) -> {
            if (!known.containsKey(uid)) {
                changed.add(seen);
            }
        });
        if (changed.size() <= Math.max(MOST_READ_ONE_BY_ONE, live.size() / ONE_IN)) {
            changed.forEach(seen ->
                    workflows.find(seen.namespace(), seen.name()).ifPresent(workflow -> add(workflow, holders)));
        } else {
            workflows.forEach(workflow -> add(workflow, holders));
        }
        return holders.found;
    }

    private boolean isOutdated(Needs needs, @Nullable Seen seen) {
        return seen == null
                || !seen.resourceVersion().equals(needs.resourceVersion)
                || !clock.instant().isBefore(needs.until);
    }

    private void add(Workflow workflow, Holders holders) {
        References.Needs needs = References.needsOf(workflow, clock.instant());
        long[] marks = needs.marks().stream().mapToLong(LiveReferences::hash).toArray();
        String uid = workflow.getMetadata().getUid();
        holders.add(uid, marks);
        if (isAllKnown(workflow) && kept + marks.length <= mostKept) {
            Needs before = known.put(
                    uid,
                    new Needs(
                            Objects.requireNonNullElse(workflow.getMetadata().getResourceVersion(), ""),
                            needs.until(),
                            marks));
            kept += marks.length - (before == null ? 0 : before.marks.length);
        }
    }

    /** Nodes that are elsewhere may come there after the workflow has changed, until all of one that has ended are there. */
    private static boolean isAllKnown(Workflow workflow) {
        WorkflowStatus status = workflow.getStatus();
        return !GcPlan.areNodesElsewhere(status)
                || (GcPlan.isCompleted(workflow) && !status.nodes().isEmpty());
    }

    /** Those who put marks that are asked for. */
    private static final class Holders {
        private final Map<Long, List<String>> asked = new HashMap<>();
        private final Map<String, Set<String>> found = new HashMap<>();

        Holders(Set<String> marks) {
            marks.forEach(mark ->
                    asked.computeIfAbsent(hash(mark), _ -> new ArrayList<>(1)).add(mark));
        }

        void add(String uid, long[] marks) {
            for (long hash : marks) {
                for (String mark : asked.getOrDefault(hash, List.of())) {
                    found.computeIfAbsent(mark, _ -> new HashSet<>()).add(uid);
                }
            }
        }
    }

    /** FNV-1a of 64 bits, over characters. */
    private static long hash(String mark) {
        long hash = 0xcbf29ce484222325L;
        for (int n = 0; n < mark.length(); n++) {
            hash = (hash ^ mark.charAt(n)) * 0x100000001b3L;
        }
        return hash;
    }
}
