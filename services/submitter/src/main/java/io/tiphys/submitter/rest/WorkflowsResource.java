package io.tiphys.submitter.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.tiphys.submitter.kube.ArgoKind;
import io.tiphys.submitter.log.LogOptions;
import io.tiphys.submitter.log.WorkflowLogs;
import io.tiphys.submitter.workflow.Admission;
import io.tiphys.submitter.workflow.Continuations;
import io.tiphys.submitter.workflow.HydratedStream;
import io.tiphys.submitter.workflow.ManifestCheck;
import io.tiphys.submitter.workflow.ManifestCheck.Purpose;
import io.tiphys.submitter.workflow.Submissions;
import io.tiphys.submitter.workflow.Submissions.Depth;
import io.tiphys.submitter.workflow.WorkflowActions;
import io.tiphys.submitter.workflow.WorkflowList;
import io.tiphys.submitter.workflow.WorkflowReads;
import io.tiphys.submitter.workflow.WorkflowTree;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Argo's {@code /api/v1/workflows}. */
@Path("/api/v1/workflows")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class WorkflowsResource {
    private final WorkflowReads reads;
    private final WorkflowActions actions;
    private final Submissions submissions;
    private final Continuations continuations;
    private final ManifestCheck check;
    private final WorkflowLogs logs;
    private final Requests requests;
    private final Admission admission;
    private final ObjectMapper json;

    public WorkflowsResource(
            WorkflowReads reads,
            WorkflowActions actions,
            Submissions submissions,
            Continuations continuations,
            ManifestCheck check,
            WorkflowLogs logs,
            Requests requests,
            Admission admission,
            ObjectMapper json) {
        this.reads = reads;
        this.actions = actions;
        this.submissions = submissions;
        this.continuations = continuations;
        this.check = check;
        this.logs = logs;
        this.requests = requests;
        this.admission = admission;
        this.json = json;
    }

    @GET
    public Response listAll(@Context UriInfo uri) {
        return list("", uri);
    }

    @GET
    @Path("{namespace}")
    public Response list(@PathParam("namespace") String namespace, @Context UriInfo uri) {
        var query = uri.getQueryParameters();
        WorkflowList list = reads.list(ListQuery.parse(namespace, query), FieldsFilter.parse(query.getFirst("fields")));
        StreamingOutput body = out -> list.write(json, out);
        return Response.ok(body).type(MediaType.APPLICATION_JSON).build();
    }

    @POST
    @Path("{namespace}")
    public ObjectNode create(
            @PathParam("namespace") String namespace,
            @HeaderParam(HttpHeaders.CONTENT_LENGTH) @Nullable Long length,
            InputStream body) {
        return admission.admit(length(length), () -> {
            ObjectNode request = requests.read(body);
            Depth depth = !request.path("createOptions").path("dryRun").isEmpty()
                    ? Depth.DRY_RUN
                    : Requests.flag(request, "serverDryRun") ? Depth.SERVER_DRY_RUN : Depth.CREATE;
            return submissions.create(namespace, Requests.object(request, "workflow"), depth);
        });
    }

    private static long length(@Nullable Long header) {
        return header == null ? -1 : header;
    }

    @POST
    @Path("{namespace}/lint")
    public ObjectNode lint(
            @PathParam("namespace") String namespace,
            @HeaderParam(HttpHeaders.CONTENT_LENGTH) @Nullable Long length,
            InputStream body) {
        return admission.admit(length(length), () -> {
            ObjectNode workflow = Requests.object(requests.read(body), "workflow");
            check.require(
                    ArgoKind.WORKFLOW,
                    namespace,
                    Submissions.prepare(ArgoKind.WORKFLOW, namespace, workflow),
                    Purpose.LINT);
            return workflow;
        });
    }

    @POST
    @Path("{namespace}/submit")
    public ObjectNode submit(
            @PathParam("namespace") String namespace,
            @HeaderParam(HttpHeaders.CONTENT_LENGTH) @Nullable Long length,
            InputStream body) {
        return admission.admit(length(length), () -> {
            ObjectNode request = requests.read(body);
            ObjectNode options = request.path("submitOptions") instanceof ObjectNode present
                    ? present
                    : JsonNodeFactory.instance.objectNode();
            return submissions.submit(
                    namespace, Requests.text(request, "resourceKind"), Requests.text(request, "resourceName"), options);
        });
    }

    @GET
    @Path("{namespace}/{name}")
    public Response get(
            @PathParam("namespace") String namespace,
            @PathParam("name") String name,
            @QueryParam("uid") String uid,
            @QueryParam("fields") String fields) {
        FieldsFilter filter = FieldsFilter.parse(fields);
        HydratedStream workflow = reads.stream(namespace, name, uid == null ? "" : uid, filter);
        StreamingOutput body = out -> workflow.write(json, out);
        return Response.ok(body).type(MediaType.APPLICATION_JSON).build();
    }

    @DELETE
    @Path("{namespace}/{name}")
    public ObjectNode delete(
            @PathParam("namespace") String namespace,
            @PathParam("name") String name,
            @QueryParam("force") boolean force) {
        actions.delete(namespace, name, force);
        return json.createObjectNode();
    }

    @PUT
    @Path("{namespace}/{name}/retry")
    public ObjectNode retry(
            @PathParam("namespace") String namespace, @PathParam("name") String name, InputStream body) {
        ObjectNode request = requests.read(body);
        return actions.retry(
                        namespace,
                        name,
                        Requests.flag(request, "restartSuccessful"),
                        Requests.text(request, "nodeFieldSelector"),
                        Requests.texts(request, "parameters"))
                .json();
    }

    @PUT
    @Path("{namespace}/{name}/resubmit")
    public ObjectNode resubmit(
            @PathParam("namespace") String namespace, @PathParam("name") String name, InputStream body) {
        ObjectNode request = requests.read(body);
        return continuations
                .resubmit(
                        reads.get(namespace, name, ""),
                        Requests.flag(request, "memoized"),
                        Requests.texts(request, "parameters"))
                .json();
    }

    @PUT
    @Path("{namespace}/{name}/resume")
    public ObjectNode resume(
            @PathParam("namespace") String namespace, @PathParam("name") String name, InputStream body) {
        return actions.resume(namespace, name, Requests.text(requests.read(body), "nodeFieldSelector"))
                .json();
    }

    @PUT
    @Path("{namespace}/{name}/suspend")
    public ObjectNode suspend(@PathParam("namespace") String namespace, @PathParam("name") String name) {
        return actions.suspend(namespace, name).json();
    }

    @PUT
    @Path("{namespace}/{name}/terminate")
    public ObjectNode terminate(@PathParam("namespace") String namespace, @PathParam("name") String name) {
        return actions.terminate(namespace, name).json();
    }

    @PUT
    @Path("{namespace}/{name}/stop")
    public ObjectNode stop(@PathParam("namespace") String namespace, @PathParam("name") String name, InputStream body) {
        ObjectNode request = requests.read(body);
        return actions.stop(
                        namespace, name, Requests.text(request, "nodeFieldSelector"), Requests.text(request, "message"))
                .json();
    }

    @PUT
    @Path("{namespace}/{name}/set")
    public ObjectNode set(@PathParam("namespace") String namespace, @PathParam("name") String name, InputStream body) {
        ObjectNode request = requests.read(body);
        return actions.set(
                        namespace,
                        name,
                        Requests.text(request, "nodeFieldSelector"),
                        Requests.text(request, "phase"),
                        Requests.text(request, "message"),
                        outputParameters(Requests.text(request, "outputParameters")))
                .json();
    }

    @GET
    @Path("{namespace}/{name}/log")
    @Produces({MediaType.APPLICATION_JSON, "text/event-stream"})
    public Response log(
            @PathParam("namespace") String namespace,
            @PathParam("name") String name,
            @HeaderParam("Accept") String accept,
            @Context UriInfo uri) {
        return log(namespace, name, "", accept, uri);
    }

    /** Argo's older form of the same. */
    @GET
    @Path("{namespace}/{name}/{pod}/log")
    @Produces({MediaType.APPLICATION_JSON, "text/event-stream"})
    public Response log(
            @PathParam("namespace") String namespace,
            @PathParam("name") String name,
            @PathParam("pod") String pod,
            @HeaderParam("Accept") String accept,
            @Context UriInfo uri) {
        LogOptions options = LogOptions.parse(pod, uri.getQueryParameters());
        WorkflowTree workflow = reads.get(namespace, name, "");
        return StreamedAnswer.of(json, accept, out -> logs.stream(workflow, options, out));
    }

    /** Argo sends this map as JSON inside a JSON string. */
    private Map<String, String> outputParameters(String text) {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (!text.isEmpty()) {
            try {
                JsonNode map = json.readTree(text);
                map.properties()
                        .forEach(e -> parameters.put(e.getKey(), e.getValue().asText()));
            } catch (JsonProcessingException e) {
                throw ApiException.invalid("outputParameters: must be a JSON object of texts in a string, e.g. "
                        + "\"{\\\"k\\\":\\\"v\\\"}\"; " + e.getOriginalMessage());
            }
        }
        return parameters;
    }
}
