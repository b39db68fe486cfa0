package io.tiphys.submitter.rest;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.tiphys.submitter.archive.ArchiveClient;
import io.tiphys.submitter.artifacts.ArtifactDownload;
import io.tiphys.submitter.artifacts.ArtifactFinder;
import io.tiphys.submitter.artifacts.ArtifactFinder.Direction;
import io.tiphys.submitter.workflow.WorkflowReads;
import io.tiphys.submitter.workflow.WorkflowTree;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;

/** Argo's artifact server: an artifact of a node of a live or archived workflow, as it is stored. */
@Path("/")
@RunOnVirtualThread
public class ArtifactsResource {
    private final WorkflowReads reads;
    private final ArchiveClient archive;
    private final ArtifactFinder finder;

    public ArtifactsResource(WorkflowReads reads, ArchiveClient archive, ArtifactFinder finder) {
        this.reads = reads;
        this.archive = archive;
        this.finder = finder;
    }

    @GET
    @Path("artifacts/{namespace}/{workflow}/{node}/{artifact}")
    public Response output(
            @PathParam("namespace") String namespace,
            @PathParam("workflow") String workflow,
            @PathParam("node") String node,
            @PathParam("artifact") String artifact,
            @HeaderParam("Range") String range,
            @HeaderParam("If-Range") String ifRange,
            @Context Request request) {
        return answer(named(namespace, workflow), node, Direction.OUTPUTS, artifact, range, ifRange, request);
    }

    @HEAD
    @Path("artifacts/{namespace}/{workflow}/{node}/{artifact}")
    public Response outputHead(
            @PathParam("namespace") String namespace,
            @PathParam("workflow") String workflow,
            @PathParam("node") String node,
            @PathParam("artifact") String artifact,
            @HeaderParam("Range") String range,
            @HeaderParam("If-Range") String ifRange,
            @Context Request request) {
        return output(namespace, workflow, node, artifact, range, ifRange, request);
    }

    @GET
    @Path("input-artifacts/{namespace}/{workflow}/{node}/{artifact}")
    public Response input(
            @PathParam("namespace") String namespace,
            @PathParam("workflow") String workflow,
            @PathParam("node") String node,
            @PathParam("artifact") String artifact,
            @HeaderParam("Range") String range,
            @HeaderParam("If-Range") String ifRange,
            @Context Request request) {
        return answer(named(namespace, workflow), node, Direction.INPUTS, artifact, range, ifRange, request);
    }

    @HEAD
    @Path("input-artifacts/{namespace}/{workflow}/{node}/{artifact}")
    public Response inputHead(
            @PathParam("namespace") String namespace,
            @PathParam("workflow") String workflow,
            @PathParam("node") String node,
            @PathParam("artifact") String artifact,
            @HeaderParam("Range") String range,
            @HeaderParam("If-Range") String ifRange,
            @Context Request request) {
        return input(namespace, workflow, node, artifact, range, ifRange, request);
    }

    @GET
    @Path("artifacts-by-uid/{uid}/{node}/{artifact}")
    public Response outputByUid(
            @PathParam("uid") String uid,
            @PathParam("node") String node,
            @PathParam("artifact") String artifact,
            @HeaderParam("Range") String range,
            @HeaderParam("If-Range") String ifRange,
            @Context Request request) {
        return answer(archived(uid), node, Direction.OUTPUTS, artifact, range, ifRange, request);
    }

    @GET
    @Path("input-artifacts-by-uid/{uid}/{node}/{artifact}")
    public Response inputByUid(
            @PathParam("uid") String uid,
            @PathParam("node") String node,
            @PathParam("artifact") String artifact,
            @HeaderParam("Range") String range,
            @HeaderParam("If-Range") String ifRange,
            @Context Request request) {
        return answer(archived(uid), node, Direction.INPUTS, artifact, range, ifRange, request);
    }

    private Response answer(
            WorkflowTree workflow,
            String node,
            Direction direction,
            String artifact,
            String range,
            String ifRange,
            Request request) {
        return new ArtifactDownload(finder.find(workflow, node, direction, artifact))
                .answer(range, ifRange, request.getMethod().equals("HEAD"));
    }

    private WorkflowTree named(String namespace, String workflow) {
        return reads.hydrated(namespace, workflow, "");
    }

    private WorkflowTree archived(String uid) {
        return archive.byUid(uid)
                .map(WorkflowTree::new)
                .orElseThrow(() -> ApiException.notFound("workflow with uid \"" + uid + "\" is not in the archive"));
    }
}
