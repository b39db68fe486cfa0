package io.tiphys.submitter.artifacts;

import io.micrometer.core.instrument.MeterRegistry;
import io.tiphys.artifacts.ArtifactStore;
import io.tiphys.artifacts.ArtifactStore.Ability;
import io.tiphys.artifacts.ArtifactStore.SignedRequest;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoredObject;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The quick way from object storage to a reader over HTTP: the event loop that serves the reader reads the object itself, by a signed URL, and
 * passes on the very buffers that came, so that no byte is copied in this process and no thread waits for another. For large objects of stores
 * that sign URLs without TLS; with it, deciphering is what takes the time, and the store's own client knows whom to trust.
 */
@ApplicationScoped
public class Relay {
    private static final Logger LOG = Logger.getLogger(Relay.class);
    private static final int HTTP_PORT = 80;

    /** Below, the connection that a store's client keeps open is worth more. */
    private static final long SMALLEST_BYTES = 1 << 20;

    private static final Duration SIGNED_FOR = Duration.ofMinutes(15);
    private static final Duration CONNECTING = Duration.ofSeconds(10);

    private final Vertx vertx;
    private final NetClient client;
    private final Lent lent;

    public Relay(Vertx vertx, MeterRegistry metrics) {
        this.vertx = vertx;
        this.lent = metrics.gauge("tiphys.downloads.lent.bytes", new Lent(), Lent::bytes);
        this.client = vertx.createNetClient(new NetClientOptions().setConnectTimeout((int) CONNECTING.toMillis()));
    }

    /** The way of so much of an object to this response; absent where it can't be gone or would be no quicker. */
    @Nullable
    Carrier carrier(ArtifactStore store, StoredObject object, long bytes, HttpServerResponse response) {
        if (bytes < SMALLEST_BYTES || !store.abilities().contains(Ability.PRESIGN) || !signsWithoutTls(store, object)) {
            return null;
        }
        return (from, to, _, carried) -> {
            if (!response.headWritten()) {
                response.putHeader(
                        "Content-Length", Long.toString(bytes)); // the others follow when the head is written
            }
            carry(
                    store.signGet(object.key(), SIGNED_FOR),
                    new Passage(object, new ByteRange(from, to), response, lent, carried));
        };
    }

    private static boolean signsWithoutTls(ArtifactStore store, StoredObject object) {
        try {
            return store.signGet(object.key(), SIGNED_FOR).url().startsWith("http://");
        } catch (StoreException e) {
            LOG.infof("object %s is read by the store's client, as no URL could be signed: %s", object.key(), e);
            return false;
        }
    }

    /** On the event loop of the request whose thread this is. */
    private void carry(SignedRequest signed, Passage passage) throws IOException {
        URI uri = URI.create(signed.url());
        int port = uri.getPort() < 0 ? HTTP_PORT : uri.getPort();
        vertx.getOrCreateContext()
                .runOnContext(_ -> client.connect(port, uri.getHost())
                        .onSuccess(socket -> passage.begin(socket, signed, vertx))
                        .onFailure(passage::fail));
        passage.await();
    }
}
