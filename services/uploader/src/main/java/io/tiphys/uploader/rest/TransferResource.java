package io.tiphys.uploader.rest;

import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.tiphys.artifacts.StoreException;
import io.tiphys.transfer.Downloads;
import io.tiphys.transfer.Listings;
import io.tiphys.transfer.Refusal;
import io.tiphys.transfer.Uploads;
import io.tiphys.uploader.messaging.Publisher;
import io.tiphys.uploader.messaging.Publisher.UnpublishedException;
import io.tiphys.uploader.messaging.TaskResults;
import io.tiphys.uploader.session.Downloading;
import io.tiphys.uploader.session.RefusedException;
import io.tiphys.uploader.session.Uploading;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.HttpHeaders;
import java.time.Clock;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Downloads, listings and uploads; the bodies are described at {@link Downloads}, {@link Listings} and {@link Uploads}. */
@Path("/v1")
@RunOnVirtualThread
public class TransferResource {
    private final Authority authority;
    private final Downloading downloading;
    private final Uploading uploading;
    private final Publisher publisher;
    private final MeterRegistry meters;
    private final Clock clock;

    TransferResource(
            Authority authority,
            Downloading downloading,
            Uploading uploading,
            Publisher publisher,
            MeterRegistry meters,
            Clock clock) {
        this.authority = authority;
        this.downloading = downloading;
        this.uploading = uploading;
        this.publisher = publisher;
        this.meters = meters;
        this.clock = clock;
    }

    @POST
    @Path("/downloads")
    public Downloads.Response downloads(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, Downloads.Request request)
            throws RefusedException, StoreException {
        meters.counter("tiphys.uploader.downloads").increment();
        return downloading.plan(authority.require(authorization), request);
    }

    @POST
    @Path("/listings")
    public Listings.Answer listings(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, Listings.Request request)
            throws RefusedException, StoreException {
        meters.counter("tiphys.uploader.listings").increment();
        return downloading.list(authority.require(authorization), request);
    }

    @POST
    @Path("/uploads")
    public Uploads.Session start(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, Uploads.Start start)
            throws RefusedException, StoreException {
        var session = uploading.start(authority.require(authorization), start);
        meters.counter("tiphys.uploader.uploads", "kind", session.put() == null ? "multipart" : "single")
                .increment();
        return session;
    }

    @POST
    @Path("/uploads/{id}/parts")
    public Uploads.PartUrls parts(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @PathParam("id") String id,
            Uploads.Parts parts)
            throws RefusedException, StoreException {
        return uploading.parts(authority.require(authorization), id(id), parts);
    }

    @POST
    @Path("/uploads/{id}/complete")
    public Uploads.Completed complete(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @PathParam("id") String id,
            Uploads.Complete complete)
            throws RefusedException, StoreException, UnpublishedException {
        var capability = authority.require(authorization);
        var finished = uploading.complete(capability, id(id), complete);
        // Also when it was complete before: the answer may have got lost together with the event.
        publisher.publish(TaskResults.saved(
                capability, finished.artifact(), finished.location(), finished.completed(), clock.instant()));
        if (finished.firstTime()) {
            meters.counter("tiphys.uploader.uploaded.bytes")
                    .increment((double) finished.completed().sizeBytes());
        }
        return finished.completed();
    }

    @DELETE
    @Path("/uploads/{id}")
    public void abort(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, @PathParam("id") String id)
            throws RefusedException, StoreException {
        uploading.abort(authority.require(authorization), id(id));
    }

    private static UUID id(String text) throws RefusedException {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new RefusedException(404, Refusal.NOT_FOUND, "\"" + text + "\" is no upload's id");
        }
    }
}
