package io.tiphys.uploader.rest;

import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.tiphys.transfer.Refusal;
import io.tiphys.transfer.RenewedCapability;
import io.tiphys.transfer.TaskReport;
import io.tiphys.uploader.config.UploaderConfig;
import io.tiphys.uploader.kube.Pods;
import io.tiphys.uploader.messaging.Publisher;
import io.tiphys.uploader.messaging.Publisher.UnpublishedException;
import io.tiphys.uploader.messaging.TaskResults;
import io.tiphys.uploader.session.RefusedException;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** What executors report, and longer-lasting capabilities for them. */
@Path("/v1")
@RunOnVirtualThread
public class TaskResource {
    private final Authority authority;
    private final Publisher publisher;
    private final Pods pods;
    private final UploaderConfig config;
    private final MeterRegistry meters;
    private final Clock clock;

    TaskResource(
            Authority authority,
            Publisher publisher,
            Pods pods,
            UploaderConfig config,
            MeterRegistry meters,
            Clock clock) {
        this.authority = authority;
        this.publisher = publisher;
        this.pods = pods;
        this.config = config;
        this.meters = meters;
        this.clock = clock;
    }

    /** Answers only when Kafka has the result. */
    @POST
    @Path("/results")
    public void report(@HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization, TaskReport report)
            throws RefusedException, UnpublishedException {
        publisher.publish(TaskResults.of(authority.require(authorization), report, clock.instant()));
        meters.counter("tiphys.uploader.results", "complete", Boolean.toString(report.complete()))
                .increment();
    }

    @POST
    @Path("/capability")
    public RenewedCapability renew(@HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization)
            throws RefusedException {
        var capability = authority.require(authorization);
        if (!pods.isAlive(capability.namespace(), capability.pod())) {
            throw new RefusedException(
                    403,
                    Refusal.FORBIDDEN,
                    "the pod " + capability.namespace() + "/" + capability.pod()
                            + " has ended; its capability is not renewed");
        }
        meters.counter("tiphys.uploader.capabilities.renewed").increment();
        var expires = clock.instant().plus(config.capability().renewal()).truncatedTo(ChronoUnit.SECONDS);
        return new RenewedCapability(authority.sign(capability.until(expires)), expires.getEpochSecond());
    }
}
