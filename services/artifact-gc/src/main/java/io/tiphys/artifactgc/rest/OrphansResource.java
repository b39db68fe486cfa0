package io.tiphys.artifactgc.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.tiphys.api.ApiJson;
import io.tiphys.artifactgc.orphan.OrphanSearch;
import io.tiphys.artifactgc.orphan.OrphanSearch.Found;
import io.tiphys.artifactgc.orphan.OrphanSearch.RefusedException;
import io.tiphys.artifactgc.orphan.OrphanSearch.Request;
import io.tiphys.artifactgc.orphan.OrphanSearch.Total;
import io.tiphys.artifacts.StoreException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What is nobody's in a repository, as lines of JSON; the last one is {@code {"total": …}} or {@code {"error": …}}. */
@Path("/v1/namespaces/{namespace}/orphans")
@RunOnVirtualThread
public class OrphansResource {
    private final OrphanSearch search;

    public OrphansResource(OrphanSearch search) {
        this.search = search;
    }

    /** As {@link Request}. */
    public record Wanted(JsonNode repository, @Nullable String prefix, long olderThanSeconds, boolean delete) {}

    @POST
    @Produces("application/x-ndjson")
    public Response search(@PathParam("namespace") String namespace, Wanted wanted) {
        Request request = new Request(
                namespace,
                wanted.repository(),
                wanted.prefix(),
                Duration.ofSeconds(wanted.olderThanSeconds()),
                wanted.delete());
        return Response.ok((StreamingOutput) out -> write(request, out)).build();
    }

    private void write(Request request, OutputStream out) throws IOException {
        try {
            Total total = search.run(request, found -> line(out, json(found)));
            ObjectNode last = ApiJson.mapper().createObjectNode();
            last.putObject("total")
                    .put("store", total.store())
                    .put("prefix", total.prefix())
                    .put("objectsSeen", total.objectsSeen())
                    .put("uploadsSeen", total.uploadsSeen());
            line(out, last);
        } catch (UncheckedIOException e) {
            throw e.getCause(); // nobody listens any more
        } catch (StoreException | RefusedException | RuntimeException e) {
            line(out, ApiJson.mapper().createObjectNode().put("error", String.valueOf(e.getMessage())));
        }
    }

    private static JsonNode json(Found found) {
        ObjectNode line = ApiJson.mapper().createObjectNode();
        switch (found) {
            case Found.Stored stored ->
                line.put("key", stored.key())
                        .put("sizeBytes", stored.sizeBytes())
                        .put("modified", String.valueOf(stored.modified()))
                        .put("deleted", stored.deleted());
            case Found.Upload upload ->
                line.put("key", upload.key())
                        .put("uploadId", upload.uploadId())
                        .put("begun", String.valueOf(upload.begun()))
                        .put("deleted", upload.deleted());
        }
        return found.error().isEmpty() ? line : line.put("error", found.error());
    }

    private static void line(OutputStream out, JsonNode json) {
        try {
            out.write((ApiJson.mapper().writeValueAsString(json) + "\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree is JSON", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
