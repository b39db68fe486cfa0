package io.tiphys.submitter.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.tiphys.submitter.kube.ArgoKind;
import io.tiphys.submitter.workflow.Definitions;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** Argo's {@code /api/v1/cron-workflows}. */
@Path("/api/v1/cron-workflows")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class CronWorkflowsResource extends NamespacedDefinitionsResource {
    public CronWorkflowsResource(Definitions definitions, Requests requests) {
        super(ArgoKind.CRON_WORKFLOW, "cronWorkflow", definitions, requests);
    }

    @PUT
    @Path("{namespace}/{name}/suspend")
    public ObjectNode suspend(@PathParam("namespace") String namespace, @PathParam("name") String name) {
        return definitions().suspendCron(namespace, name, true);
    }

    @PUT
    @Path("{namespace}/{name}/resume")
    public ObjectNode resume(@PathParam("namespace") String namespace, @PathParam("name") String name) {
        return definitions().suspendCron(namespace, name, false);
    }
}
