package io.tiphys.submitter.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.tiphys.submitter.archive.ArchiveClient;
import io.tiphys.submitter.workflow.Continuations;
import io.tiphys.submitter.workflow.HydratedStream;
import io.tiphys.submitter.workflow.Hydrator;
import io.tiphys.submitter.workflow.WorkflowTree;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** Argo's {@code /api/v1/archived-workflows} and their labels. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class ArchivedWorkflowsResource {
    private final ArchiveClient archive;
    private final Continuations continuations;
    private final Hydrator hydrator;
    private final Requests requests;
    private final ObjectMapper json;

    public ArchivedWorkflowsResource(
            ArchiveClient archive,
            Continuations continuations,
            Hydrator hydrator,
            Requests requests,
            ObjectMapper json) {
        this.archive = archive;
        this.hydrator = hydrator;
        this.continuations = continuations;
        this.requests = requests;
        this.json = json;
    }

    /** Summaries without nodes, newest first; {@code metadata.continue} is the offset of the next page. */
    @GET
    @Path("archived-workflows")
    public ObjectNode list(@Context UriInfo uri) {
        MultivaluedMap<String, String> parameters = uri.getQueryParameters();
        ListQuery query = ListQuery.parse(ListQuery.text(parameters, "namespace"), parameters);
        ObjectNode answer = archive.search(query.toArchive(query.limit(), query.offset(), List.of()));
        ObjectNode list = json.createObjectNode();
        ObjectNode metadata = list.putObject("metadata");
        long seen = (long) query.offset() + answer.path("items").size();
        if (answer.path("more").asBoolean(false)) {
            metadata.put("continue", Long.toString(seen));
        }
        if (query.countRemaining()) {
            metadata.put("remainingItemCount", Math.max(0, answer.path("total").asLong(0) - seen));
        }
        list.set("items", answer.path("items"));
        return list;
    }

    @GET
    @Path("archived-workflows/{uid}")
    public Response get(
            @PathParam("uid") String uid, @QueryParam("namespace") String namespace, @QueryParam("name") String name) {
        HydratedStream workflow = hydrator.stream(found(uid, namespace, name), FieldsFilter.ALL);
        StreamingOutput body = out -> workflow.write(json, out);
        return Response.ok(body).type(MediaType.APPLICATION_JSON).build();
    }

    @DELETE
    @Path("archived-workflows/{uid}")
    public ObjectNode delete(@PathParam("uid") String uid) {
        archive.delete(uid);
        return json.createObjectNode();
    }

    @PUT
    @Path("archived-workflows/{uid}/resubmit")
    public ObjectNode resubmit(@PathParam("uid") String uid, InputStream body) {
        ObjectNode request = requests.read(body);
        WorkflowTree workflow = found(uid, Requests.text(request, "namespace"), Requests.text(request, "name"));
        return continuations
                .resubmit(workflow, Requests.flag(request, "memoized"), Requests.texts(request, "parameters"))
                .json();
    }

    @PUT
    @Path("archived-workflows/{uid}/retry")
    public ObjectNode retry(@PathParam("uid") String uid, InputStream body) {
        ObjectNode request = requests.read(body);
        WorkflowTree workflow = found(uid, Requests.text(request, "namespace"), Requests.text(request, "name"));
        return continuations
                .retryArchived(
                        workflow,
                        Requests.flag(request, "restartSuccessful"),
                        Requests.text(request, "nodeFieldSelector"),
                        Requests.texts(request, "parameters"))
                .json();
    }

    @GET
    @Path("archived-workflows-label-keys")
    public ObjectNode labelKeys(@QueryParam("namespace") String namespace) {
        return archive.labelKeys(namespace == null ? "" : namespace);
    }

    @GET
    @Path("archived-workflows-label-values")
    public ObjectNode labelValues(
            @QueryParam("namespace") String namespace, @QueryParam("listOptions.labelSelector") String key) {
        if (key == null || key.isEmpty()) {
            throw ApiException.invalid("listOptions.labelSelector: must be the key whose values are wanted");
        }
        return archive.labelValues(namespace == null ? "" : namespace, key);
    }

    /** Not hydrated. Argo's clients send {@code undefined} as the uid when they know the name only. */
    private WorkflowTree found(String uid, String namespace, String name) {
        boolean byName =
                (uid.isEmpty() || uid.equals("undefined")) && namespace != null && name != null && !name.isEmpty();
        Optional<ObjectNode> workflow = byName ? archive.byName(namespace, name) : archive.byUid(uid);
        return workflow.map(WorkflowTree::new)
                .orElseThrow(() -> ApiException.notFound("workflow "
                        + (byName ? "\"" + name + "\"" : "with uid \"" + uid + "\"") + " is not in the archive"));
    }
}
