package io.tiphys.submitter.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.tiphys.submitter.kube.SyncLimits;
import io.tiphys.submitter.kube.SyncLimits.Limit;
import io.tiphys.submitter.rest.ApiException.Code;
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

/** Argo's {@code /api/v1/sync}: limits of semaphores in ConfigMaps. Limits in a database are not kept here. */
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
        requireConfigMap(type);
        return json(limits.get(namespace, named(configMap), key));
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
        requireConfigMap(type);
        limits.delete(namespace, named(configMap), key);
        return JsonNodeFactory.instance.objectNode();
    }

    private static Limit limit(String namespace, String key, ObjectNode request) {
        requireConfigMap(Requests.text(request, "type"));
        if (key.isEmpty()) {
            throw ApiException.invalid("key: must be set");
        }
        return new Limit(
                namespace,
                named(Requests.text(request, "cmName")),
                key,
                request.path("limit").asInt(0));
    }

    private static void requireConfigMap(@Nullable String type) {
        if (type != null && !type.isEmpty() && !type.equals("CONFIGMAP") && !type.equals("0")) {
            throw new ApiException(
                    Code.UNIMPLEMENTED,
                    "type: \"" + type + "\" is not supported; limits are kept in ConfigMaps (CONFIGMAP)");
        }
    }

    private static String named(@Nullable String configMap) {
        if (configMap == null || configMap.isEmpty()) {
            throw ApiException.invalid("cmName: must name the ConfigMap");
        }
        return configMap;
    }

    private static ObjectNode json(Limit limit) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("namespace", limit.namespace())
                .put("cmName", limit.configMap())
                .put("key", limit.key())
                .put("limit", limit.limit())
                .put("type", "CONFIGMAP");
    }
}
