package io.tiphys.submitter.rest;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.tiphys.artifacts.StoreDriver.Located;
import io.tiphys.submitter.artifacts.ArtifactDownload;
import io.tiphys.submitter.artifacts.ArtifactFinder;
import io.tiphys.submitter.artifacts.ArtifactFinder.Direction;
import io.tiphys.submitter.artifacts.FilePath;
import io.tiphys.submitter.artifacts.FolderPage;
import io.tiphys.submitter.artifacts.Relay;
import io.tiphys.submitter.config.SubmitterConfig;
import io.tiphys.submitter.config.SubmitterConfig.ArtifactsConfig;
import io.tiphys.submitter.workflow.WorkflowReads;
import io.tiphys.submitter.workflow.WorkflowTree;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;

/** Argo's artifact server: an artifact of a node of a live or archived workflow, as it is stored. */
@Path("/")
@RunOnVirtualThread
public class ArtifactsResource {
    /** Of {@code artifact-files/namespace/source/id/node/direction/artifact}. */
    private static final int PARTS_BEFORE_THE_FILE = 7;

    private final WorkflowReads reads;
    private final ArtifactFinder finder;
    private final ArtifactsConfig config;
    private final Relay relay;

    public ArtifactsResource(WorkflowReads reads, ArtifactFinder finder, SubmitterConfig config, Relay relay) {
        this.reads = reads;
        this.finder = finder;
        this.config = config.artifacts();
        this.relay = relay;
    }

    @GET
    @Path("artifacts/{namespace}/{workflow}/{node}/{artifact}")
    public Response output(
            @PathParam("namespace") String namespace,
            @PathParam("workflow") String workflow,
            @BeanParam ArtifactRequest request) {
        return answer(named(namespace, workflow, request), Direction.OUTPUTS, request);
    }

    @HEAD
    @Path("artifacts/{namespace}/{workflow}/{node}/{artifact}")
    public Response outputHead(
            @PathParam("namespace") String namespace,
            @PathParam("workflow") String workflow,
            @BeanParam ArtifactRequest request) {
        return output(namespace, workflow, request);
    }

    @GET
    @Path("input-artifacts/{namespace}/{workflow}/{node}/{artifact}")
    public Response input(
            @PathParam("namespace") String namespace,
            @PathParam("workflow") String workflow,
            @BeanParam ArtifactRequest request) {
        return answer(named(namespace, workflow, request), Direction.INPUTS, request);
    }

    @HEAD
    @Path("input-artifacts/{namespace}/{workflow}/{node}/{artifact}")
    public Response inputHead(
            @PathParam("namespace") String namespace,
            @PathParam("workflow") String workflow,
            @BeanParam ArtifactRequest request) {
        return input(namespace, workflow, request);
    }

    @GET
    @Path("artifacts-by-uid/{uid}/{node}/{artifact}")
    public Response outputByUid(@PathParam("uid") String uid, @BeanParam ArtifactRequest request) {
        return answer(archived(uid, request), Direction.OUTPUTS, request);
    }

    @HEAD
    @Path("artifacts-by-uid/{uid}/{node}/{artifact}")
    public Response outputHeadByUid(@PathParam("uid") String uid, @BeanParam ArtifactRequest request) {
        return outputByUid(uid, request);
    }

    @GET
    @Path("input-artifacts-by-uid/{uid}/{node}/{artifact}")
    public Response inputByUid(@PathParam("uid") String uid, @BeanParam ArtifactRequest request) {
        return answer(archived(uid, request), Direction.INPUTS, request);
    }

    @HEAD
    @Path("input-artifacts-by-uid/{uid}/{node}/{artifact}")
    public Response inputHeadByUid(@PathParam("uid") String uid, @BeanParam ArtifactRequest request) {
        return inputByUid(uid, request);
    }

    /**
     * The files of an artifact for a browser: a file as it is, a directory (with a slash at its end) as a page of links, or with {@code
     * ?archive=tgz|zip} as one archive.
     */
    @GET
    @Path("artifact-files/{namespace}/{source}/{id}/{node}/{direction}/{artifact}{path:(/.*)?}")
    public Response file(
            @PathParam("namespace") String namespace,
            @PathParam("source") String source,
            @PathParam("id") String id,
            @PathParam("direction") String direction,
            @Context UriInfo uri,
            @BeanParam ArtifactRequest request) {
        request.widenAnswer();
        WorkflowTree workflow = source(namespace, source, id, request);
        Located artifact = finder.find(workflow, request.node, direction(direction), request.artifact);
        FilePath path = FilePath.of(uri.getRequestUri().getRawPath(), PARTS_BEFORE_THE_FILE);
        Located wanted = path.isEmpty() ? artifact : new Located(artifact.store(), path.below(artifact.key()));
        boolean packed = request.archive != null;
        if (path.isDirectory()) {
            return packed
                    ? new ArtifactDownload(wanted, request.wishes(), request.reader(relay)).answer()
                    : new FolderPage(wanted).answer(request.isHead());
        }
        if (!packed && finder.isDirectory(wanted)) {
            return Response.status(Response.Status.TEMPORARY_REDIRECT)
                    .header("Location", path.asDirectory())
                    .build();
        }
        return new ArtifactDownload(wanted, request.wishes(), request.reader(relay)).answer();
    }

    @HEAD
    @Path("artifact-files/{namespace}/{source}/{id}/{node}/{direction}/{artifact}{path:(/.*)?}")
    public Response fileHead(
            @PathParam("namespace") String namespace,
            @PathParam("source") String source,
            @PathParam("id") String id,
            @PathParam("direction") String direction,
            @Context UriInfo uri,
            @BeanParam ArtifactRequest request) {
        return file(namespace, source, id, direction, uri, request);
    }

    private Response answer(WorkflowTree workflow, Direction direction, ArtifactRequest request) {
        request.widenAnswer();
        ArtifactDownload download = new ArtifactDownload(
                finder.find(workflow, request.node, direction, request.artifact),
                request.wishes(),
                request.reader(relay));
        return config.redirect() ? download.redirect(config.redirectValidity()) : download.answer();
    }

    private WorkflowTree source(String namespace, String source, String id, ArtifactRequest request) {
        return switch (source) {
            case "workflows" -> named(namespace, id, request);
            case "archived-workflows" -> {
                WorkflowTree workflow = archived(id, request);
                if (!workflow.namespace().equals(namespace)) {
                    throw ApiException.invalid(
                            "workflow with uid \"" + id + "\" isn't of namespace \"" + namespace + "\"");
                }
                yield workflow;
            }
            default ->
                throw ApiException.invalid(
                        "path names \"" + source + "\" where it must say \"workflows\" or \"archived-workflows\"");
        };
    }

    private static Direction direction(String text) {
        return switch (text) {
            case "inputs" -> Direction.INPUTS;
            case "outputs" -> Direction.OUTPUTS;
            default ->
                throw ApiException.invalid("path names \"" + text + "\" where it must say \"inputs\" or \"outputs\"");
        };
    }

    /** The workflow with the node that is asked for. */
    private WorkflowTree named(String namespace, String workflow, ArtifactRequest request) {
        return reads.withNodes(namespace, workflow, "", (id, _) -> id.equals(request.node));
    }

    private WorkflowTree archived(String uid, ArtifactRequest request) {
        return reads.archivedWithNodes(uid, (id, _) -> id.equals(request.node));
    }
}
