package io.tiphys.submitter.rest;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.tiphys.submitter.kube.ArgoKind;
import io.tiphys.submitter.workflow.Definitions;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** Argo's {@code /api/v1/workflow-templates}. */
@Path("/api/v1/workflow-templates")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class WorkflowTemplatesResource extends NamespacedDefinitionsResource {
    public WorkflowTemplatesResource(Definitions definitions, Requests requests) {
        super(ArgoKind.WORKFLOW_TEMPLATE, "template", definitions, requests);
    }
}
