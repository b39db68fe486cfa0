package io.tiphys.archive.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.mutiny.Uni;
import io.tiphys.archive.store.ArchivedWorkflows;
import io.tiphys.archive.store.ArchivedWorkflows.Page;
import io.tiphys.archive.store.Labels;
import io.tiphys.archive.store.WholeWorkflow;
import io.tiphys.archive.store.WorkflowRow;
import io.tiphys.archive.store.WorkflowSearch;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The archive's HTTP. Workflows have Argo's shape. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
public class WorkflowsResource {
    private final ArchivedWorkflows workflows;
    private final WholeWorkflow whole;
    private final Labels labels;
    private final ObjectMapper json;

    public WorkflowsResource(ArchivedWorkflows workflows, WholeWorkflow whole, Labels labels, ObjectMapper json) {
        this.workflows = workflows;
        this.whole = whole;
        this.labels = labels;
        this.json = json;
    }

    /** As {@code search}, with the conditions as query parameters. */
    @GET
    @Path("workflows")
    public Uni<ObjectNode> list(
            @QueryParam("namespace") @Nullable String namespace,
            @QueryParam("name") @Nullable String name,
            @QueryParam("prefix") @Nullable String prefix,
            @QueryParam("nameFilter") @Nullable String nameFilter,
            @QueryParam("labelSelector") @Nullable String labelSelector,
            @QueryParam("startedAfter") @Nullable String startedAfter,
            @QueryParam("startedBefore") @Nullable String startedBefore,
            @QueryParam("limit") @DefaultValue("0") int limit,
            @QueryParam("continue") @DefaultValue("0") int offset) {
        return search(new WorkflowSearch(
                namespace,
                false,
                name,
                prefix,
                nameFilter,
                labelSelector,
                time("startedAfter", startedAfter),
                time("startedBefore", startedBefore),
                null,
                null,
                limit,
                offset,
                List.of(),
                false));
    }

    /** Answers {@code {items, more, total?, continue?}}; items are summaries. */
    @POST
    @Path("workflows/search")
    public Uni<ObjectNode> search(WorkflowSearch search) {
        return workflows
                .search(search)
                .onFailure(IllegalArgumentException.class)
                .transform(e -> new BadQueryException(String.valueOf(e.getMessage())))
                .map(page -> answer(search, page));
    }

    /** With {@code nodes=false} the nodes are left out, for whoever reads them one by one or not at all. */
    @GET
    @Path("workflows/{uid}")
    @RunOnVirtualThread
    public Response byUid(@PathParam("uid") String uid, @QueryParam("nodes") @DefaultValue("true") boolean nodes) {
        return stream(whole.byUid(uid), nodes);
    }

    /** The newest workflow of that name. */
    @GET
    @Path("namespaces/{namespace}/workflows/{name}")
    @RunOnVirtualThread
    public Response byName(
            @PathParam("namespace") String namespace,
            @PathParam("name") String name,
            @QueryParam("nodes") @DefaultValue("true") boolean nodes) {
        return stream(whole.byName(namespace, name), nodes);
    }

    /** The newest known state of each node of a workflow that may still run. */
    @GET
    @Path("workflows/{uid}/nodes")
    @RunOnVirtualThread
    public Response nodes(@PathParam("uid") String uid) {
        StreamingOutput body = out -> whole.writeNodes(uid, out);
        return Response.ok(body).build();
    }

    @DELETE
    @Path("workflows/{uid}")
    @RunOnVirtualThread
    public Response delete(@PathParam("uid") String uid) {
        if (!whole.delete(uid)) {
            throw new NotFoundException();
        }
        return Response.noContent().build();
    }

    @GET
    @Path("labels")
    @RunOnVirtualThread
    public ObjectNode keys(@QueryParam("namespace") @DefaultValue("") String namespace) {
        return items(labels.keys(namespace));
    }

    @GET
    @Path("labels/values")
    @RunOnVirtualThread
    public ObjectNode values(
            @QueryParam("namespace") @DefaultValue("") String namespace,
            @QueryParam("key") @DefaultValue("") String key) {
        return items(labels.values(namespace, key));
    }

    private Response stream(Optional<WholeWorkflow.Found> found, boolean withNodes) {
        WholeWorkflow.Found workflow = found.orElseThrow(NotFoundException::new);
        StreamingOutput body = out -> whole.write(workflow, withNodes, out);
        return Response.ok(body).build();
    }

    private ObjectNode answer(WorkflowSearch search, Page page) {
        ObjectNode answer = json.createObjectNode().put("more", page.more());
        if (page.total() != null) {
            answer.put("total", page.total());
        }
        if (page.more()) {
            answer.put(
                    "continue", Integer.toString(search.offset() + page.rows().size()));
        }
        ArrayNode items = answer.putArray("items");
        for (WorkflowRow row : page.rows()) {
            items.add(tree(row));
        }
        return answer;
    }

    private ObjectNode tree(WorkflowRow row) {
        try {
            ObjectNode summary = json.readValue(row.summary(), ObjectNode.class);
            summary.withObject("/metadata/labels").put("workflows.argoproj.io/workflow-archiving-status", "Persisted");
            return summary;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a summary in the archive is not JSON", e);
        }
    }

    private ObjectNode items(List<String> texts) {
        ObjectNode answer = json.createObjectNode();
        ArrayNode items = answer.putArray("items");
        texts.forEach(items::add);
        return answer;
    }

    private static @Nullable Instant time(String name, @Nullable String text) {
        try {
            return text == null || text.isEmpty() ? null : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new BadQueryException(name + ": must be a time like 2026-01-31T12:00:00Z, got \"" + text + "\"");
        }
    }
}
