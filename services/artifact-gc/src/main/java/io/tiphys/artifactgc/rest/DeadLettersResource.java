package io.tiphys.artifactgc.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Relocation;
import io.tiphys.artifactgc.plan.Deletion;
import io.tiphys.artifactgc.plan.Locations;
import io.tiphys.artifactgc.queue.DeletionQueue;
import io.tiphys.artifactgc.queue.DeletionQueue.Entry;
import io.tiphys.artifactgc.queue.DeletionQueue.QueueUnavailableException;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.util.List;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Deletions that were given up, for people: to read, and to have them tried again. */
@Path("/v1/namespaces/{namespace}/dead-deletions")
@RunOnVirtualThread
public class DeadLettersResource {
    private static final int MOST = 1000;

    private final DeletionQueue queue;
    private final Clock clock;

    public DeadLettersResource(DeletionQueue queue, Clock clock) {
        this.queue = queue;
        this.clock = clock;
    }

    /** Which ones to try again; none named means all. */
    public record Wanted(List<Long> ids) {
        public Wanted {
            ids = ids == null ? List.of() : List.copyOf(ids);
        }
    }

    /** {@code {items, more}}, the newest first. */
    @GET
    public ObjectNode list(
            @PathParam("namespace") String namespace,
            @QueryParam("limit") @DefaultValue("500") int limit,
            @QueryParam("continue") @DefaultValue("0") int offset) {
        int most = Math.clamp(limit, 1, MOST);
        List<Entry> dead = queue.dead(namespace, most + 1, Math.max(0, offset));
        ObjectNode answer = ApiJson.mapper().createObjectNode();
        ArrayNode items = answer.putArray("items");
        dead.stream().limit(most).forEach(entry -> items.add(json(entry)));
        return answer.put("more", dead.size() > most);
    }

    /** Answers {@code {queued: n}}. */
    @POST
    @Path("retry")
    public ObjectNode retry(@PathParam("namespace") String namespace, Wanted wanted) {
        return ApiJson.mapper()
                .createObjectNode()
                .put("queued", queue.revive(namespace, wanted.ids(), clock.instant()));
    }

    private static ObjectNode json(Entry entry) {
        Deletion deletion = entry.queued().deletion();
        ObjectNode location = Locations.location(deletion.artifact());
        String kind = Relocation.kind(location).orElse("");
        return ApiJson.mapper()
                .createObjectNode()
                .put("id", entry.id())
                .put("namespace", deletion.workflow().namespace())
                .put("workflow", deletion.workflow().name())
                .put("uid", deletion.workflow().uid())
                .put("nodeId", deletion.nodeId())
                .put("artifact", deletion.artifact().name())
                .put("kind", kind)
                .put(
                        "bucket",
                        location.path(kind)
                                .path("bucket")
                                .asText(location.path(kind).path("container").asText("")))
                .put("key", Relocation.key(location))
                .put("strategy", deletion.strategy().argoName())
                .put("attempts", entry.attempts())
                .put("deadAt", String.valueOf(entry.queued().deadAt()))
                .put("reason", entry.queued().reason());
    }

    @ServerExceptionMapper
    Response unavailable(QueueUnavailableException e) {
        return Response.status(503)
                .entity(ApiJson.mapper().createObjectNode().put("error", e.getMessage()))
                .build();
    }
}
