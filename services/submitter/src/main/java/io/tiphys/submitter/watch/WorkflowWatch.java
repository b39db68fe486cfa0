package io.tiphys.submitter.watch;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tiphys.api.selector.Selector;
import io.tiphys.submitter.kube.ArgoKind;
import io.tiphys.submitter.kube.ArgoObjects;
import io.tiphys.submitter.kube.ArgoObjects.Selection;
import io.tiphys.submitter.rest.FieldsFilter;
import io.tiphys.submitter.stream.MessageStream;
import io.tiphys.submitter.workflow.HydratedStream;
import io.tiphys.submitter.workflow.Hydrator;
import io.tiphys.submitter.workflow.WorkflowTree;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Tells one caller about workflows: first those that are there, then what changes, until the caller goes away. */
@ApplicationScoped
public class WorkflowWatch {
    private static final Duration LONGEST_TURN = Duration.ofSeconds(5);

    private final WorkflowFeed feed;
    private final ArgoObjects objects;
    private final Hydrator hydrator;
    private final ObjectMapper json;
    private final Semaphore large = new Semaphore(1, true);

    public WorkflowWatch(WorkflowFeed feed, ArgoObjects objects, Hydrator hydrator, ObjectMapper json) {
        this.feed = feed;
        this.objects = objects;
        this.hydrator = hydrator;
        this.json = json;
    }

    /**
     * What the caller wants to see.
     *
     * @param namespace empty for all
     * @param sinceVersion a resource version; workflows that have not changed since are not told at first. Empty or 0 tells all
     */
    public record Request(
            String namespace, Selector labels, Selector fieldSelector, String sinceVersion, FieldsFilter fields) {

        boolean accepts(WorkflowTree workflow) {
            return (namespace.isEmpty() || namespace.equals(workflow.namespace()))
                    && labels.matches(workflow.labels())
                    && fieldSelector.matches(Map.of(
                            "metadata.name", workflow.name(),
                            "metadata.namespace", workflow.namespace(),
                            "metadata.uid", workflow.uid()));
        }
    }

    /** Returns when the feed ends; throws {@link IOException} when the caller has gone. */
    public void stream(Request request, MessageStream out) throws IOException, InterruptedException {
        try (Reader reader = feed.open()) {
            out.open();
            Map<String, Long> told = tellPresent(request, out);
            while (!reader.isEnded()) {
                Change change = reader.next(MessageStream.KEEP_ALIVE);
                if (change == null) {
                    out.keepAlive();
                } else if (request.accepts(change.workflow()) && isNews(change, told)) {
                    send(change, request.fields(), out);
                }
            }
        }
    }

    /**
     * Nodes that are packed or in the archive pass through while they are written. Where only some of their fields are wanted they are
     * unpacked first, and such workflows are sent one after the other, however many watch them: each may take much of the heap. A
     * watcher that reads slowly holds the others up for a moment only.
     */
    private void send(Change change, FieldsFilter fields, MessageStream out) throws IOException, InterruptedException {
        boolean isUnpacked = !fields.willExclude("status.nodes")
                && !fields.keepsWhole("status.nodes")
                && Hydrator.isElsewhere(change.workflow());
        boolean isAlone = isUnpacked && large.tryAcquire(LONGEST_TURN.toMillis(), TimeUnit.MILLISECONDS);
        try {
            HydratedStream workflow =
                    hydrator.stream(new WorkflowTree(change.workflow().json().deepCopy()), fields);
            out.write(generator -> {
                generator.writeStartObject();
                generator.writeStringField("type", change.type().name());
                generator.writeFieldName("object");
                workflow.write(json, generator);
                generator.writeEndObject();
            });
        } finally {
            if (isAlone) {
                large.release();
            }
        }
    }

    private Map<String, Long> tellPresent(Request request, MessageStream out) throws IOException, InterruptedException {
        long since = version(request.sinceVersion());
        Map<String, Long> told = new HashMap<>();
        List<WorkflowTree> present = new ArrayList<>();
        String name = request.fieldSelector().exact("metadata.name");
        if (name != null && !request.namespace().isEmpty()) {
            objects.find(ArgoKind.WORKFLOW, request.namespace(), name)
                    .map(WorkflowTree::new)
                    .filter(request::accepts)
                    .ifPresent(present::add);
        } else {
            objects.forEach(ArgoKind.WORKFLOW, request.namespace(), Selection.ALL, item -> {
                WorkflowTree workflow = new WorkflowTree(item);
                if (request.accepts(workflow)) {
                    present.add(workflow);
                }
            });
        }
        for (WorkflowTree workflow : present) {
            long current = version(workflow.resourceVersion());
            told.put(workflow.uid(), current);
            if (since == 0 || current > since) {
                send(new Change(Change.Type.ADDED, workflow), request.fields(), out);
            }
        }
        return told;
    }

    /** The feed and the list overlap; what the list has told is not told again. */
    private static boolean isNews(Change change, Map<String, Long> told) {
        WorkflowTree workflow = change.workflow();
        if (change.type() == Change.Type.DELETED) {
            told.remove(workflow.uid());
            return true;
        }
        long current = version(workflow.resourceVersion());
        Long before = told.put(workflow.uid(), current);
        return before == null || current == 0 || current > before;
    }

    /** Versions count up in every Kubernetes API in practice; one that isn't a number orders before all. */
    private static long version(String resourceVersion) {
        try {
            return resourceVersion.isEmpty() ? 0 : Long.parseLong(resourceVersion);
        } catch (NumberFormatException _) {
            return 0;
        }
    }
}
