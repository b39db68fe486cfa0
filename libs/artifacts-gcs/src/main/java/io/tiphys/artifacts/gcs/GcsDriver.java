package io.tiphys.artifacts.gcs;

import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import io.tiphys.api.ArtifactLocation;
import io.tiphys.artifacts.Clients;
import io.tiphys.artifacts.HttpCalls;
import io.tiphys.artifacts.Secrets;
import io.tiphys.artifacts.StoreDriver;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoreException.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Locations of the kind {@code gcs}. The identity is the service account whose key (JSON) the location's Secret holds, or what Google's
 * library finds in the service's surroundings: workload identity, the machine's account, {@code GOOGLE_APPLICATION_CREDENTIALS}. Its tokens
 * are renewed by the library.
 */
public final class GcsDriver implements StoreDriver {
    /** Google's own endpoint. */
    public static final URI GOOGLE = URI.create("https://storage.googleapis.com");

    private static final String SCOPE = "https://www.googleapis.com/auth/devstorage.full_control";

    /** A service account's key as the Secret holds it, or the surroundings' identity (no key); {@code toString} keeps it. */
    private record Identity(@Nullable String key) {
        @Override
        public String toString() {
            return "Identity[…]";
        }
    }

    private final URI endpoint;
    private final InstantSource clock;
    private final HttpCalls calls = new HttpCalls(null);
    private final Clients<Identity, GoogleIdentity> identities;

    public GcsDriver(URI endpoint, InstantSource clock) {
        this.endpoint = endpoint;
        this.clock = clock;
        this.identities = new Clients<>(this::connect, _ -> {}, clock);
    }

    @Override
    public String kind() {
        return "gcs";
    }

    @Override
    public Optional<Located> locate(ArtifactLocation location, String namespace, Secrets secrets)
            throws StoreException {
        var gcs = location.gcs();
        if (gcs == null) {
            return Optional.empty();
        }
        var bucket = gcs.bucket();
        if (bucket == null || !bucket.matches("[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]")) {
            throw new StoreException(
                    Kind.REFUSED, "gcs.bucket must be a bucket's name, not \"" + (bucket == null ? "" : bucket) + "\"");
        }
        var key = secrets.resolve(namespace, gcs.serviceAccountKeySecret());
        try {
            var identity = identities.of(new Identity(key));
            return Optional.of(new Located(
                    new GcsStore(calls, endpoint, bucket, identity, clock),
                    gcs.key().replaceFirst("^/+", "")));
        } catch (UncheckedIOException e) {
            throw new StoreException(
                    Kind.REFUSED,
                    key == null
                            ? "gcs.serviceAccountKeySecret is not given, and this service finds no Google credentials"
                                    + " of its own in its surroundings"
                            : "gcs.serviceAccountKeySecret holds no service account's key in JSON form",
                    e);
        }
    }

    private GoogleIdentity connect(Identity identity) {
        try {
            GoogleCredentials credentials = identity.key() == null
                    ? GoogleCredentials.getApplicationDefault()
                    : ServiceAccountCredentials.fromStream(
                            new ByteArrayInputStream(identity.key().getBytes(StandardCharsets.UTF_8)));
            return new GoogleIdentity(
                    credentials.createScopedRequired() ? credentials.createScoped(SCOPE) : credentials, clock);
        } catch (IOException e) {
            throw new UncheckedIOException(new IOException(e.getClass().getSimpleName())); // its text may be the key's
        } catch (RuntimeException e) {
            throw new UncheckedIOException(new IOException(e.getClass().getSimpleName()));
        }
    }

    @Override
    public void close() {
        identities.close();
        calls.close();
    }
}
