package io.tiphys.submitter.rest;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.tiphys.artifacts.ArtifactStore;
import io.tiphys.artifacts.LifecycleRule;
import io.tiphys.artifacts.StoreException;
import io.tiphys.submitter.artifacts.ArtifactCheck;
import io.tiphys.submitter.artifacts.ArtifactFinder;
import io.tiphys.submitter.artifacts.ArtifactFinder.Direction;
import io.tiphys.submitter.artifacts.Repositories;
import io.tiphys.submitter.auth.Access;
import io.tiphys.submitter.workflow.WorkflowReads;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.List;

/** What object storage says about artifacts, for people; reads only. */
@Path("/")
@RunOnVirtualThread
public class StorageResource {
    private final Access access;
    private final Repositories repositories;
    private final WorkflowReads reads;
    private final ArtifactFinder finder;

    public StorageResource(Access access, Repositories repositories, WorkflowReads reads, ArtifactFinder finder) {
        this.access = access;
        this.repositories = repositories;
        this.reads = reads;
        this.finder = finder;
    }

    /** The lifecycle rules of a bucket, those that can be said in our words. */
    public record Rules(String store, List<LifecycleRule> rules) {
        public Rules {
            rules = List.copyOf(rules);
        }
    }

    /** The rules of the bucket that is the namespace's artifact repository. */
    @GET
    @Path("artifact-rules/{namespace}")
    public Rules rules(@PathParam("namespace") String namespace) {
        access.requireWorkflows("list", namespace, "");
        ArtifactStore store = repositories.store(namespace);
        try {
            return new Rules(store.name(), store.lifecycleRules());
        } catch (StoreException e) {
            throw ArtifactFinder.toApi(e);
        }
    }

    /** Reads an output artifact again and compares it with the sums that the store keeps; answers when all is read. */
    @GET
    @Path("artifact-checks/{namespace}/{workflow}/{node}/{artifact}")
    public ArtifactCheck.Report check(
            @PathParam("namespace") String namespace,
            @PathParam("workflow") String workflow,
            @PathParam("node") String node,
            @PathParam("artifact") String artifact) {
        try {
            return ArtifactCheck.of(finder.find(
                    reads.withNodes(namespace, workflow, "", (id, _) -> id.equals(node)),
                    node,
                    Direction.OUTPUTS,
                    artifact));
        } catch (StoreException e) {
            throw ArtifactFinder.toApi(e);
        }
    }
}
