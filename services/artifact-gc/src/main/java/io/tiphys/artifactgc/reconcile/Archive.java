package io.tiphys.artifactgc.reconcile;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** The archive service, which keeps what is too large for a Kubernetes object. Thread-safe. */
public final class Archive {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Optional<URI> url;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    public Archive(Optional<URI> url) {
        this.url = url;
    }

    /** Takes the answer's body. */
    public interface Reading<T> {
        T of(InputStream body) throws IOException;
    }

    /**
     * What the archive answers to a GET; empty if it knows nothing of the kind.
     *
     * @param what is asked for, for messages: "the spec of workflow a/b"
     * @throws GcFailedException if it can't be asked: who doesn't know must not delete
     */
    public <T> Optional<T> read(String what, String path, Reading<T> reading) {
        URI wanted = url.orElseThrow(
                        () -> new GcFailedException(what + " is in the archive, and TIPHYS_ARCHIVE_URL is not set"))
                .resolve(path);
        try {
            HttpResponse<InputStream> response =
                    http.send(HttpRequest.newBuilder(wanted).timeout(TIMEOUT).build(), BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                return switch (response.statusCode()) {
                    case HttpURLConnection.HTTP_OK -> Optional.of(reading.of(body));
                    case HttpURLConnection.HTTP_NO_CONTENT, HttpURLConnection.HTTP_NOT_FOUND -> Optional.empty();
                    default -> throw new IOException("HTTP " + response.statusCode());
                };
            }
        } catch (IOException e) {
            throw new GcFailedException(what + " could not be read from the archive: " + e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new GcFailedException("interrupted while the archive was asked for " + what);
        }
    }

    static String blob(String namespace, String hash) {
        return "/v1/namespaces/" + segment(namespace) + "/blobs/" + segment(hash);
    }

    /** Text as a part of a path. */
    public static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
