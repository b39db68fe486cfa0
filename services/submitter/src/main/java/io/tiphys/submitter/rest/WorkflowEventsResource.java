package io.tiphys.submitter.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.tiphys.api.selector.Selector;
import io.tiphys.submitter.auth.Access;
import io.tiphys.submitter.rest.ApiException.Code;
import io.tiphys.submitter.watch.WorkflowWatch;
import io.tiphys.submitter.workflow.WorkflowReads;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;

/** Argo's {@code /api/v1/workflow-events}: a stream of {@code {type, object}}. */
@Path("/api/v1/workflow-events")
@RunOnVirtualThread
public class WorkflowEventsResource {
    private final Access access;
    private final WorkflowWatch watch;
    private final WorkflowReads reads;
    private final ObjectMapper json;

    public WorkflowEventsResource(Access access, WorkflowWatch watch, WorkflowReads reads, ObjectMapper json) {
        this.access = access;
        this.watch = watch;
        this.reads = reads;
        this.json = json;
    }

    @GET
    public Response watchAll(@HeaderParam("Accept") String accept, @Context UriInfo uri) {
        return watch("", accept, uri);
    }

    @GET
    @Path("{namespace}")
    public Response watch(
            @PathParam("namespace") String namespace, @HeaderParam("Accept") String accept, @Context UriInfo uri) {
        access.requireWorkflows("watch", namespace, "");
        var query = uri.getQueryParameters();
        Selector fieldSelector;
        try {
            fieldSelector = Selector.parse(ListQuery.text(query, "listOptions.fieldSelector"));
        } catch (IllegalArgumentException e) {
            throw ApiException.invalid("listOptions.fieldSelector: " + e.getMessage());
        }
        String name = fieldSelector.exact("metadata.name");
        if (name != null && name.equals(WorkflowReads.LATEST)) {
            fieldSelector = Selector.parse(
                    "metadata.name=" + reads.live(namespace, name).name());
        }
        WorkflowWatch.Request request = new WorkflowWatch.Request(
                namespace,
                ListQuery.labels(ListQuery.text(query, "listOptions.labelSelector")),
                fieldSelector,
                ListQuery.text(query, "listOptions.resourceVersion"),
                FieldsFilter.parse(query.getFirst("fields"), "result.object."));
        return StreamedAnswer.of(json, accept, out -> {
            watch.stream(request, out);
            out.fail(new ApiException(Code.RESOURCE_EXHAUSTED, "EOF"));
        });
    }
}
