package io.tiphys.submitter.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.tiphys.submitter.kube.ArgoKind;
import io.tiphys.submitter.workflow.Definitions;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;

/** The paths of a kind that lives in namespaces. */
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public abstract class NamespacedDefinitionsResource extends DefinitionsResource {
    NamespacedDefinitionsResource(ArgoKind kind, String field, Definitions definitions, Requests requests) {
        super(kind, field, definitions, requests);
    }

    @GET
    public ObjectNode listAll(@Context UriInfo uri) {
        return listed("", uri);
    }

    @GET
    @Path("{namespace}")
    public ObjectNode list(@PathParam("namespace") String namespace, @Context UriInfo uri) {
        return listed(namespace, uri);
    }

    @POST
    @Path("{namespace}")
    public ObjectNode create(@PathParam("namespace") String namespace, InputStream body) {
        return created(namespace, body);
    }

    @POST
    @Path("{namespace}/lint")
    public ObjectNode lint(@PathParam("namespace") String namespace, InputStream body) {
        return linted(namespace, body);
    }

    @GET
    @Path("{namespace}/{name}")
    public ObjectNode get(@PathParam("namespace") String namespace, @PathParam("name") String name) {
        return found(namespace, name);
    }

    @PUT
    @Path("{namespace}/{name}")
    public ObjectNode update(
            @PathParam("namespace") String namespace, @PathParam("name") String name, InputStream body) {
        return updated(namespace, name, body);
    }

    @DELETE
    @Path("{namespace}/{name}")
    public ObjectNode delete(@PathParam("namespace") String namespace, @PathParam("name") String name) {
        return deleted(namespace, name);
    }
}
