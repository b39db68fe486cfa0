package io.tiphys.submitter.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.tiphys.submitter.artifacts.ArtifactGcClient;
import io.tiphys.submitter.artifacts.Repositories;
import io.tiphys.submitter.auth.Access;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** The deletion of artifacts, for people: what is nobody's, and what was given up. */
@Path("/")
@RunOnVirtualThread
public class ArtifactGcResource {
    private static final String LINES = "application/x-ndjson";

    private final Access access;
    private final ArtifactGcClient gc;
    private final Repositories repositories;
    private final Requests requests;
    private final ObjectMapper json;

    public ArtifactGcResource(
            Access access, ArtifactGcClient gc, Repositories repositories, Requests requests, ObjectMapper json) {
        this.requests = requests;
        this.access = access;
        this.gc = gc;
        this.repositories = repositories;
        this.json = json;
    }

    /**
     * What no workflow knows in the namespace's artifact repository, as lines of JSON, the last one with {@code total} or {@code error}. The
     * bucket may be other namespaces' as well: who asks must be allowed to list the workflows of all.
     *
     * @param prefix keys that begin so, whatever their form; absent for those of the repository's format
     */
    @GET
    @Path("artifact-orphans/{namespace}")
    @Produces(LINES)
    public Response orphans(
            @PathParam("namespace") String namespace,
            @QueryParam("prefix") @Nullable String prefix,
            @QueryParam("olderThanSeconds") @DefaultValue("86400") long olderThanSeconds) {
        access.requireWorkflows("list", "", "");
        return search(namespace, prefix, olderThanSeconds, false);
    }

    /** As {@link #orphans}, and deletes them: for who may delete all workflows. */
    @POST
    @Path("artifact-orphans/{namespace}/delete")
    @Produces(LINES)
    public Response deleteOrphans(
            @PathParam("namespace") String namespace,
            @QueryParam("prefix") @Nullable String prefix,
            @QueryParam("olderThanSeconds") @DefaultValue("86400") long olderThanSeconds) {
        access.requireWorkflows("delete", "", "");
        return search(namespace, prefix, olderThanSeconds, true);
    }

    private Response search(String namespace, @Nullable String prefix, long olderThanSeconds, boolean delete) {
        if (olderThanSeconds < 0) {
            throw ApiException.invalid("olderThanSeconds is " + olderThanSeconds + "; it must be 0 or more");
        }
        ObjectNode wanted = json.createObjectNode()
                .put("olderThanSeconds", olderThanSeconds)
                .put("delete", delete);
        if (prefix != null) {
            wanted.put("prefix", prefix);
        }
        wanted.set("repository", repositories.find(namespace, MissingNode.getInstance()));
        InputStream found = gc.orphans(namespace, wanted);
        return Response.ok((StreamingOutput) out -> copy(found, out)).build();
    }

    /** As it comes: the next line may take a while. */
    private static void copy(InputStream from, OutputStream out) throws IOException {
        byte[] buffer = new byte[16 * 1024];
        try (from) {
            for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                out.write(buffer, 0, n);
                out.flush();
            }
        }
    }

    /** Deletions of the namespace's workflows that were given up, the newest first: {@code {items, more}}. */
    @GET
    @Path("artifact-deletions/{namespace}")
    public JsonNode dead(
            @PathParam("namespace") String namespace,
            @QueryParam("limit") @DefaultValue("500") int limit,
            @QueryParam("continue") @DefaultValue("0") int offset) {
        access.requireWorkflows("list", namespace, "");
        return gc.dead(namespace, limit, offset);
    }

    /** Has those with these ids tried again, all of them if there are none: {@code {"ids": […]}}. */
    @POST
    @Path("artifact-deletions/{namespace}/retry")
    public JsonNode retry(@PathParam("namespace") String namespace, InputStream body) {
        access.requireWorkflows("delete", namespace, "");
        return gc.retry(namespace, requests.read(body));
    }
}
