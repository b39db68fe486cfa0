package io.tiphys.submitter.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.tiphys.submitter.kube.ArgoKind;
import io.tiphys.submitter.kube.ArgoObjects.Selection;
import io.tiphys.submitter.workflow.Definitions;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;

/** Argo's {@code /api/v1/workflow-templates}. */
@Path("/api/v1/workflow-templates")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class WorkflowTemplatesResource {
    private static final ArgoKind KIND = ArgoKind.WORKFLOW_TEMPLATE;
    private static final String FIELD = "template";

    private final Definitions definitions;
    private final Requests requests;
    private final ObjectMapper json;

    public WorkflowTemplatesResource(Definitions definitions, Requests requests, ObjectMapper json) {
        this.definitions = definitions;
        this.requests = requests;
        this.json = json;
    }

    @GET
    public ObjectNode listAll(@Context UriInfo uri) {
        return list("", uri);
    }

    @GET
    @Path("{namespace}")
    public ObjectNode list(@PathParam("namespace") String namespace, @Context UriInfo uri) {
        MultivaluedMap<String, String> query = uri.getQueryParameters();
        Selection selection = new Selection(
                ListQuery.text(query, "listOptions.labelSelector"), ListQuery.text(query, "listOptions.fieldSelector"));
        return definitions.list(KIND, namespace, selection, ListQuery.text(query, "namePattern"));
    }

    @POST
    @Path("{namespace}")
    public ObjectNode create(@PathParam("namespace") String namespace, InputStream body) {
        ObjectNode request = requests.read(body);
        boolean dryRun = !request.path("createOptions").path("dryRun").isEmpty();
        return definitions.create(KIND, namespace, Requests.object(request, FIELD), dryRun);
    }

    @POST
    @Path("{namespace}/lint")
    public ObjectNode lint(@PathParam("namespace") String namespace, InputStream body) {
        return definitions.lint(KIND, namespace, Requests.object(requests.read(body), FIELD));
    }

    @GET
    @Path("{namespace}/{name}")
    public ObjectNode get(@PathParam("namespace") String namespace, @PathParam("name") String name) {
        return definitions.get(KIND, namespace, name);
    }

    @PUT
    @Path("{namespace}/{name}")
    public ObjectNode update(
            @PathParam("namespace") String namespace, @PathParam("name") String name, InputStream body) {
        return definitions.update(KIND, namespace, name, Requests.object(requests.read(body), FIELD));
    }

    @DELETE
    @Path("{namespace}/{name}")
    public ObjectNode delete(@PathParam("namespace") String namespace, @PathParam("name") String name) {
        definitions.delete(KIND, namespace, name);
        return json.createObjectNode();
    }
}
