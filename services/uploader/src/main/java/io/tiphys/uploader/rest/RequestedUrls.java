package io.tiphys.uploader.rest;

import io.tiphys.transfer.Capability;
import io.tiphys.uploader.stream.StreamedUrls;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;

/** The URL of the request that is being answered: what a pod reached once, it reaches again. */
@Singleton
class RequestedUrls implements StreamedUrls {
    private final UriInfo request;
    private final Authority authority;

    RequestedUrls(@Context UriInfo request, Authority authority) {
        this.request = request;
        this.authority = authority;
    }

    @Override
    public URI base() {
        var uri = request.getBaseUri();
        return URI.create(uri.getScheme() + "://" + uri.getAuthority());
    }

    @Override
    public String token(Capability capability) {
        return authority.sign(capability);
    }
}
