package io.tiphys.submitter.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.tiphys.submitter.kube.ArgoKind;
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
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;

/** Argo's {@code /api/v1/cluster-workflow-templates}. */
@Path("/api/v1/cluster-workflow-templates")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class ClusterWorkflowTemplatesResource extends DefinitionsResource {
    public ClusterWorkflowTemplatesResource(Definitions definitions, Requests requests) {
        super(ArgoKind.CLUSTER_WORKFLOW_TEMPLATE, "template", definitions, requests);
    }

    @GET
    public ObjectNode list(@Context UriInfo uri) {
        return listed("", uri);
    }

    @POST
    public ObjectNode create(InputStream body) {
        return created("", body);
    }

    @POST
    @Path("lint")
    public ObjectNode lint(InputStream body) {
        return linted("", body);
    }

    @GET
    @Path("{name}")
    public ObjectNode get(@PathParam("name") String name) {
        return found("", name);
    }

    @PUT
    @Path("{name}")
    public ObjectNode update(@PathParam("name") String name, InputStream body) {
        return updated("", name, body);
    }

    @DELETE
    @Path("{name}")
    public ObjectNode delete(@PathParam("name") String name) {
        return deleted("", name);
    }
}
