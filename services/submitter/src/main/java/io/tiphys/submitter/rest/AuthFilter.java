package io.tiphys.submitter.rest;

import io.tiphys.submitter.auth.Gatekeeper;
import jakarta.ws.rs.container.ContainerRequestContext;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Lets no request in that no auth mode lets in. */
public class AuthFilter {
    private final Gatekeeper gatekeeper;

    public AuthFilter(Gatekeeper gatekeeper) {
        this.gatekeeper = gatekeeper;
    }

    /** Events bear signatures of their own: their resource asks who sends them. */
    @ServerRequestFilter
    public void letIn(ContainerRequestContext request) {
        if (!request.getUriInfo().getPath().startsWith("/api/v1/events/")) {
            gatekeeper.letIn(request.getHeaderString("Authorization"), request.getCookies());
        }
    }
}
