package io.tiphys.submitter.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.tiphys.submitter.kube.ArgoKind;
import io.tiphys.submitter.kube.ArgoObjects.Selection;
import io.tiphys.submitter.workflow.Definitions;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;

/** Argo's {@code /api/v1/workflow-event-bindings}. */
@Path("/api/v1/workflow-event-bindings")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class WorkflowEventBindingsResource {
    private final Definitions definitions;

    public WorkflowEventBindingsResource(Definitions definitions) {
        this.definitions = definitions;
    }

    @GET
    public ObjectNode listAll(@Context UriInfo uri) {
        return list("", uri);
    }

    @GET
    @Path("{namespace}")
    public ObjectNode list(@PathParam("namespace") String namespace, @Context UriInfo uri) {
        var query = uri.getQueryParameters();
        Selection selection = new Selection(
                ListQuery.text(query, "listOptions.labelSelector"), ListQuery.text(query, "listOptions.fieldSelector"));
        return definitions.list(ArgoKind.WORKFLOW_EVENT_BINDING, namespace, selection, "");
    }
}
