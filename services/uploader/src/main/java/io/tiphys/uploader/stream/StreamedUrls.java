package io.tiphys.uploader.stream;

import io.tiphys.transfer.Capability;
import java.net.URI;

/** What a URL to this service is made of, as the pod that asks sees it. */
public interface StreamedUrls {
    /** Where this service was asked, without path: the pod reached it there. */
    URI base();

    /** The capability as a token, to go with the URL. */
    String token(Capability capability);
}
