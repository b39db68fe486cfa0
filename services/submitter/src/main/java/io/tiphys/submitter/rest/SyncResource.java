package io.tiphys.submitter.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.tiphys.submitter.kube.SyncLimits;
import io.tiphys.submitter.kube.SyncLimits.Limit;
import io.tiphys.submitter.kube.SyncLimits.Place;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Argo's {@code /api/v1/sync}: limits of semaphores. */
@Path("/api/v1/sync")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class SyncResource {
    private final SyncLimits limits;
    private final Requests requests;

    public SyncResource(SyncLimits limits, Requests requests) {
        this.limits = limits;
        this.requests = requests;
    }

    @POST
    @Path("{namespace}")
    public ObjectNode create(@PathParam("namespace") String namespace, InputStream body) {
        ObjectNode request = requests.read(body);
        return json(limits.create(limit(namespace, Requests.text(request, "key"), request)));
    }

    @GET
    @Path("{namespace}/{key}")
    public ObjectNode get(
            @PathParam("namespace") String namespace,
            @PathParam("key") String key,
            @QueryParam("cmName") @Nullable String configMap,
            @QueryParam("type") @Nullable String type) {
        return json(limits.get(place(type, namespace, configMap, key)));
    }

    @PUT
    @Path("{namespace}/{key}")
    public ObjectNode update(@PathParam("namespace") String namespace, @PathParam("key") String key, InputStream body) {
        return json(limits.update(limit(namespace, key, requests.read(body))));
    }

    @DELETE
    @Path("{namespace}/{key}")
    public ObjectNode delete(
            @PathParam("namespace") String namespace,
            @PathParam("key") String key,
            @QueryParam("cmName") @Nullable String configMap,
            @QueryParam("type") @Nullable String type) {
        limits.delete(place(type, namespace, configMap, key));
        return JsonNodeFactory.instance.objectNode();
    }

    private static Limit limit(String namespace, String key, ObjectNode request) {
        if (key.isEmpty()) {
            throw ApiException.invalid("key: must be set");
        }
        Place place = place(request.path("type").asText(""), namespace, Requests.text(request, "cmName"), key);
        return new Limit(place, request.path("limit").asInt(0));
    }

    /** Types have names and, as in any message of Argo's, numbers. */
    private static Place place(@Nullable String type, String namespace, @Nullable String configMap, String key) {
        return switch (type) {
            case null -> inConfigMap(namespace, configMap, key);
            case "", "CONFIGMAP", "0" -> inConfigMap(namespace, configMap, key);
            case "DATABASE", "1" -> Place.inDatabase(namespace, key);
            default -> throw ApiException.invalid("unsupported sync config type: " + type);
        };
    }

    private static Place inConfigMap(String namespace, @Nullable String configMap, String key) {
        if (configMap == null || configMap.isEmpty()) {
            throw ApiException.invalid("cmName: must name the ConfigMap");
        }
        return new Place(SyncLimits.Type.CONFIGMAP, namespace, configMap, key);
    }

    private static ObjectNode json(Limit limit) {
        Place place = limit.place();
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("namespace", place.namespace());
        if (place.type() == SyncLimits.Type.CONFIGMAP) {
            answer.put("cmName", place.configMap());
        }
        return answer.put("key", place.key())
                .put("limit", limit.limit())
                .put("type", place.type().name());
    }
}
