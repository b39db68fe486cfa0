package io.tiphys.artifactgc.reconcile;

import io.tiphys.api.Workflow;
import io.tiphys.artifactgc.plan.References;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Who needs which objects, read anew from all live workflows. Callers that ask while a reading is under way share the next one,
 * and a reading keeps only what was asked for, so that neither many callers nor many workflows cost much. Thread-safe.
 */
public final class LiveReferences {
    private final WorkflowGateway workflows;
    private final Clock clock;
    private final ReentrantLock reading = new ReentrantLock();
    private final Object joining = new Object();
    private Batch next = new Batch();

    private static final class Batch {
        private final Set<String> asked = new HashSet<>();
        private @Nullable Map<String, Set<String>> holders;
    }

    public LiveReferences(WorkflowGateway workflows, Clock clock) {
        this.workflows = workflows;
        this.clock = clock;
    }

    /**
     * The uids of the workflows that put these marks ({@link References}), as of a moment after the call; marks that nobody puts
     * are absent, others' marks may be there as well.
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
        Map<String, Set<String>> holders = new HashMap<>();
        workflows.forEach(workflow -> add(workflow, asked, holders));
        return holders;
    }

    private void add(Workflow workflow, Set<String> asked, Map<String, Set<String>> holders) {
        for (String mark : References.of(workflow, clock.instant())) {
            if (asked.contains(mark)) {
                holders.computeIfAbsent(mark, _ -> new HashSet<>())
                        .add(workflow.getMetadata().getUid());
            }
        }
    }
}
