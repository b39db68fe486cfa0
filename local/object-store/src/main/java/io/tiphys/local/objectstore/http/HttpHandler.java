package io.tiphys.local.objectstore.http;

import java.io.IOException;

/** Answers requests; called on a virtual thread of the request's connection. */
@FunctionalInterface
public interface HttpHandler {
    /**
     * Answers one request.
     *
     * @throws DroppedConnection to close the connection without an answer
     * @throws IOException when the client went away or the disk failed: closes the connection
     */
    HttpResponse answer(HttpRequest request) throws IOException;

    /** Says that this connection is to be closed without an answer. */
    final class DroppedConnection extends IOException {
        private static final long serialVersionUID = 1;

        public DroppedConnection() {
            super("dropped on purpose");
        }
    }
}
