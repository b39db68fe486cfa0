package io.tiphys.uploader.rest;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tiphys.artifacts.StoreException;
import io.tiphys.transfer.Refusal;
import io.tiphys.uploader.messaging.Publisher.UnpublishedException;
import io.tiphys.uploader.session.PostgresUploadSessions.SessionsUnavailableException;
import io.tiphys.uploader.session.RefusedException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/** Turns failures into answers that an executor understands: for good, or try again. */
class Refusals {
    private static final Logger LOG = Logger.getLogger(Refusals.class);

    @ServerExceptionMapper
    Response refused(RefusedException e) {
        return answer(e.status(), e.reason(), e.getMessage());
    }

    @ServerExceptionMapper
    Response store(StoreException e) {
        return switch (e.kind()) {
            case NOT_FOUND, REFUSED -> answer(422, Refusal.STORAGE_REFUSED, e.getMessage());
            case UNAVAILABLE -> unavailable(e);
        };
    }

    @ServerExceptionMapper
    Response kafka(UnpublishedException e) {
        return unavailable(e);
    }

    @ServerExceptionMapper
    Response postgres(SessionsUnavailableException e) {
        return unavailable(e);
    }

    @ServerExceptionMapper
    Response kubernetes(KubernetesClientException e) {
        return unavailable(e);
    }

    private static Response unavailable(Exception e) {
        LOG.warnf("answered 503: %s", e.getMessage());
        return answer(503, Refusal.UNAVAILABLE, e.getMessage());
    }

    private static Response answer(int status, String reason, @Nullable String message) {
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(new Refusal(reason, String.valueOf(message)))
                .build();
    }
}
