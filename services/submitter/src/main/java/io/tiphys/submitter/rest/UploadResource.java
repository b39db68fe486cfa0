package io.tiphys.submitter.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.tiphys.submitter.artifacts.Uploads;
import io.tiphys.submitter.auth.Access;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Files from people for argument artifacts of workflow templates. The answer's key goes into {@code submitOptions.artifacts} as {@code
 * NAME=KEY}. A file may be of any size: it passes through, part by part.
 */
@Path("upload-artifacts/{namespace}/{template}/{artifact}")
@RunOnVirtualThread
public class UploadResource {
    private final Access access;
    private final Uploads uploads;
    private final ObjectMapper json;

    public UploadResource(Access access, Uploads uploads, ObjectMapper json) {
        this.access = access;
        this.uploads = uploads;
        this.json = json;
    }

    @POST
    @Consumes(MediaType.WILDCARD)
    public ObjectNode upload(
            @PathParam("namespace") String namespace,
            @PathParam("template") String template,
            @PathParam("artifact") String artifact,
            @HeaderParam("Content-Type") @Nullable String contentType,
            InputStream body) {
        access.requireWorkflows("create", namespace, ""); // that is what files are for
        String key = uploads.take(namespace, template, artifact, contentType, body);
        return json.createObjectNode().put("name", artifact).put("key", key);
    }
}
