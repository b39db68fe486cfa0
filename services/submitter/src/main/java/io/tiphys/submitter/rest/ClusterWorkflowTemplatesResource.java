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

/** Argo's {@code /api/v1/cluster-workflow-templates}. */
@Path("/api/v1/cluster-workflow-templates")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class ClusterWorkflowTemplatesResource {
    private static final ArgoKind KIND = ArgoKind.CLUSTER_WORKFLOW_TEMPLATE;
    private static final String FIELD = "template";

    private final Definitions definitions;
    private final Requests requests;
    private final ObjectMapper json;

    public ClusterWorkflowTemplatesResource(Definitions definitions, Requests requests, ObjectMapper json) {
        this.definitions = definitions;
        this.requests = requests;
        this.json = json;
    }

    @GET
    public ObjectNode list(@Context UriInfo uri) {
        MultivaluedMap<String, String> query = uri.getQueryParameters();
        Selection selection = new Selection(
                ListQuery.text(query, "listOptions.labelSelector"), ListQuery.text(query, "listOptions.fieldSelector"));
        return definitions.list(KIND, "", selection, ListQuery.text(query, "namePattern"));
    }

    @POST
    public ObjectNode create(InputStream body) {
        ObjectNode request = requests.read(body);
        boolean dryRun = !request.path("createOptions").path("dryRun").isEmpty();
        return definitions.create(KIND, "", Requests.object(request, FIELD), dryRun);
    }

    @POST
    @Path("lint")
    public ObjectNode lint(InputStream body) {
        return definitions.lint(KIND, "", Requests.object(requests.read(body), FIELD));
    }

    @GET
    @Path("{name}")
    public ObjectNode get(@PathParam("name") String name) {
        return definitions.get(KIND, "", name);
    }

    @PUT
    @Path("{name}")
    public ObjectNode update(@PathParam("name") String name, InputStream body) {
        return definitions.update(KIND, "", name, Requests.object(requests.read(body), FIELD));
    }

    @DELETE
    @Path("{name}")
    public ObjectNode delete(@PathParam("name") String name) {
        definitions.delete(KIND, "", name);
        return json.createObjectNode();
    }
}
