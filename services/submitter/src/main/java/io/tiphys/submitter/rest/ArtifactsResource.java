package io.tiphys.submitter.rest;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.tiphys.submitter.archive.ArchiveClient;
import io.tiphys.submitter.artifacts.ArtifactDownload;
import io.tiphys.submitter.artifacts.ArtifactFinder;
import io.tiphys.submitter.artifacts.ArtifactFinder.Direction;
import io.tiphys.submitter.workflow.WorkflowReads;
import io.tiphys.submitter.workflow.WorkflowTree;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
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
            @BeanParam ArtifactRequest request) {
        return answer(named(namespace, workflow), Direction.OUTPUTS, request);
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
        return answer(named(namespace, workflow), Direction.INPUTS, request);
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
        return answer(archived(uid), Direction.OUTPUTS, request);
    }

    @GET
    @Path("input-artifacts-by-uid/{uid}/{node}/{artifact}")
    public Response inputByUid(@PathParam("uid") String uid, @BeanParam ArtifactRequest request) {
        return answer(archived(uid), Direction.INPUTS, request);
    }

    private Response answer(WorkflowTree workflow, Direction direction, ArtifactRequest request) {
        return new ArtifactDownload(finder.find(workflow, request.node, direction, request.artifact))
                .answer(request.range, request.ifRange, request.isHead());
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
