package io.tiphys.submitter.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.submitter.archive.ArchiveClient;
import io.tiphys.submitter.kube.ArgoKind;
import io.tiphys.submitter.kube.ArgoObjects;
import io.tiphys.submitter.kube.ArgoObjects.Selection;
import io.tiphys.submitter.rest.ApiException;
import io.tiphys.submitter.rest.ApiException.Code;
import io.tiphys.submitter.rest.FieldsFilter;
import io.tiphys.submitter.rest.ListQuery;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Finds and lists workflows: live ones in the Kubernetes API first, then the archive's. */
@ApplicationScoped
public class WorkflowReads {
    /** Argo's name for the newest workflow of a namespace. */
    public static final String LATEST = "@latest";

    private static final Logger LOG = Logger.getLogger(WorkflowReads.class);

    private final ArgoObjects objects;
    private final ArchiveClient archive;
    private final Hydrator hydrator;
    private final ObjectMapper json;

    public WorkflowReads(ArgoObjects objects, ArchiveClient archive, Hydrator hydrator, ObjectMapper json) {
        this.objects = objects;
        this.archive = archive;
        this.hydrator = hydrator;
        this.json = json;
    }

    /** The live workflow; not hydrated. */
    public WorkflowTree live(String namespace, String name) {
        return name.equals(LATEST)
                ? latest(namespace)
                : new WorkflowTree(objects.get(ArgoKind.WORKFLOW, namespace, name));
    }

    /**
     * The live workflow or, failing that, the archived one; not hydrated.
     *
     * @param uid if not empty, the workflow must have it
     */
    public WorkflowTree get(String namespace, String name, String uid) {
        if (name.equals(LATEST)) {
            return latest(namespace);
        }
        Optional<WorkflowTree> live =
                objects.find(ArgoKind.WORKFLOW, namespace, name).map(WorkflowTree::new);
        if (live.isPresent() && (uid.isEmpty() || live.get().uid().equals(uid))) {
            return live.get();
        }
        return archived(namespace, name, uid).orElseThrow(() -> ArgoObjects.notFound(ArgoKind.WORKFLOW, name));
    }

    /**
     * As {@link #get}, with its spec and those of its nodes that are wanted, however they are stored.
     *
     * @param wanted is asked with a node's id and the node
     */
    public WorkflowTree withNodes(String namespace, String name, String uid, BiPredicate<String, JsonNode> wanted) {
        return hydrator.withNodes(get(namespace, name, uid), wanted);
    }

    /** The same of an archived workflow. */
    public WorkflowTree archivedWithNodes(String uid, BiPredicate<String, JsonNode> wanted) {
        return archive.byUid(uid)
                .map(workflow -> hydrator.withNodes(new WorkflowTree(workflow), wanted))
                .orElseThrow(() -> ApiException.notFound("workflow with uid \"" + uid + "\" is not in the archive"));
    }

    /** As {@link #get}, with its spec and its nodes, as far as the caller sees it, ready to be written: however many nodes it has, they aren't in memory at once. */
    public HydratedStream stream(String namespace, String name, String uid, FieldsFilter fields) {
        return hydrator.stream(get(namespace, name, uid), fields);
    }

    private Optional<WorkflowTree> archived(String namespace, String name, String uid) {
        try {
            return (uid.isEmpty() ? archive.byName(namespace, name) : archive.byUid(uid)).map(WorkflowTree::new);
        } catch (ApiException e) {
            if (e.code() != Code.UNAVAILABLE) {
                throw e;
            }
            throw new ApiException(
                    Code.UNAVAILABLE,
                    "workflow \"" + name + "\" is not live in namespace \"" + namespace + "\", and " + e.text(),
                    e);
        }
    }

    private WorkflowTree latest(String namespace) {
        Newest newest = new Newest();
        objects.forEach(ArgoKind.WORKFLOW, namespace, Selection.ALL, newest::offer);
        if (newest.found == null) {
            throw ApiException.notFound("no workflows found in namespace \"" + namespace + "\"");
        }
        return newest.found;
    }

    private static final class Newest {
        private @Nullable WorkflowTree found;

        void offer(ObjectNode candidate) {
            WorkflowTree workflow = new WorkflowTree(candidate);
            if (found == null || startOf(workflow.created()).isAfter(startOf(found.created()))) {
                found = workflow;
            }
        }
    }

    /**
     * A page of live and archived workflows as Argo's list: live first, each part sorted by start, newest first.
     * {@code metadata.continue} is the offset of the next page.
     */
    public WorkflowList list(ListQuery query, FieldsFilter fields) {
        List<Row> live = new ArrayList<>();
        FieldsFilter ofItems = fields.ofItems();
        boolean isWhole = !ofItems.willExclude("status.nodes") || Hydrator.needsSpec(ofItems);
        String version = objects.forEach(
                ArgoKind.WORKFLOW,
                query.namespaceExcluded() ? "" : query.namespace(),
                new Selection(query.labelSelector(), ""),
                item -> {
                    WorkflowTree workflow = new WorkflowTree(item);
                    if (query.accepts(
                            workflow.labels(),
                            workflow.namespace(),
                            workflow.name(),
                            workflow.created(),
                            workflow.started(),
                            workflow.finished())) {
                        live.add(Row.of(workflow, isWhole ? FieldsFilter.ALL : ofItems));
                    }
                });
        live.sort(Row.NEWEST_FIRST);
        List<Supplier<HydratedStream>> page = new ArrayList<>();
        int liveEnd = query.limit() == 0 ? live.size() : Math.min(live.size(), query.offset() + query.limit());
        for (int i = query.offset(); i < liveEnd; i++) {
            ObjectNode item = live.get(i).json();
            page.add(
                    isWhole
                            ? () -> hydrator.streamIfThere(new WorkflowTree(item), ofItems)
                            : () -> HydratedStream.of(item));
        }
        ObjectNode archived = archivedPage(query, live, page.size());
        for (JsonNode item : archived.path("items")) {
            if (item instanceof ObjectNode object) {
                page.add(() -> HydratedStream.of(ofItems.apply(object)));
            }
        }
        ObjectNode list = json.createObjectNode();
        ObjectNode metadata = list.putObject("metadata").put("resourceVersion", version);
        long seen = (long) query.offset() + page.size();
        if (query.limit() > 0 && (seen < live.size() || archived.path("more").asBoolean(false))) {
            metadata.put("continue", Long.toString(seen));
        }
        if (query.countRemaining()) {
            long total = live.size() + archived.path("total").asLong(0);
            metadata.put("remainingItemCount", Math.max(0, total - seen));
        }
        list.putArray("items");
        return new WorkflowList(fields.apply(list), page);
    }

    private ObjectNode archivedPage(ListQuery query, List<Row> live, int fromLive) {
        if (!archive.isConfigured()) {
            return json.createObjectNode();
        }
        boolean full = query.limit() > 0 && fromLive >= query.limit();
        if (full && !query.countRemaining() && query.offset() + fromLive < live.size()) {
            return json.createObjectNode();
        }
        int limit = full ? 1 : query.limit() == 0 ? 0 : query.limit() - fromLive;
        int offset = Math.max(0, query.offset() - live.size());
        try {
            ObjectNode answer = archive.search(
                    query.toArchive(limit, offset, live.stream().map(Row::uid).toList()));
            if (full) {
                boolean any = !answer.path("items").isEmpty();
                answer.put("more", any).putArray("items");
            }
            return answer;
        } catch (ApiException e) {
            if (e.code() != Code.UNAVAILABLE) {
                throw e;
            }
            LOG.warnf("list without archived workflows: %s", e.text());
            return json.createObjectNode();
        }
    }

    /** What a list keeps of a workflow while it sorts. */
    private record Row(Instant started, Instant created, String uid, ObjectNode json) {
        static final Comparator<Row> NEWEST_FIRST = Comparator.comparing(Row::started)
                .thenComparing(Row::created)
                .reversed()
                .thenComparing(Row::uid);

        static Row of(WorkflowTree workflow, FieldsFilter fields) {
            Instant started = workflow.started();
            Instant created = startOf(workflow.created());
            String uid = workflow.uid();
            return new Row(started == null ? Instant.MAX : started, created, uid, fields.apply(workflow.json()));
        }
    }

    private static Instant startOf(@Nullable Instant instant) {
        return instant == null ? Instant.EPOCH : instant;
    }
}
