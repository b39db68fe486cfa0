package io.tiphys.artifacts;

import io.tiphys.artifacts.StoreException.Kind;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Plain HTTP for stores that no SDK is used for. Bodies are streamed; nothing is repeated and no redirect followed. Messages name the host and
 * what was asked, never the query or a header.
 */
public final class HttpCalls implements AutoCloseable {
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(30);
    private static final Duration ANSWER_WITHIN = Duration.ofMinutes(2);
    private static final Duration STALLED_AFTER = Duration.ofSeconds(60);
    /** A body that is sent slower than this is given up. */
    private static final long SLOWEST_BYTES_PER_SECOND = 256 * 1024;

    private static final int TOLD_BYTES = 2048;

    private final HttpClient http;
    private final ScheduledExecutorService watch =
            Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory());

    /** Calls with a TLS context of their own, or the JDK's. */
    public HttpCalls(@Nullable SSLContext tls) {
        var builder = HttpClient.newBuilder()
                .connectTimeout(CONNECT_WITHIN)
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1);
        this.http = (tls == null ? builder : builder.sslContext(tls)).build();
    }

    /**
     * Sends one request and gives the answer, whatever its status; its body must be closed.
     *
     * @param what for the message, for example {@code read https://host/path}
     * @param bodyBytes of the request's body; decides how long the answer may take
     */
    public HttpResponse<InputStream> send(String what, HttpRequest.Builder request, long bodyBytes)
            throws StoreException {
        var built = request.timeout(ANSWER_WITHIN.plusSeconds(bodyBytes / SLOWEST_BYTES_PER_SECOND))
                .build();
        try {
            return http.send(built, BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(Kind.UNAVAILABLE, "cannot " + what + ": interrupted", e);
        } catch (IOException e) {
            throw caused(what, built, e);
        }
    }

    /** A body publisher's own refusal comes wrapped. */
    private static StoreException caused(String what, HttpRequest request, IOException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof StoreException refused) {
                return refused;
            }
        }
        var why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return new StoreException(
                Kind.UNAVAILABLE,
                "cannot " + what + ": no answer from " + request.uri().getHost() + " (" + why + ")",
                e);
    }

    /** A request's body, read once. */
    public static BodyPublisher body(InputStream content, long sizeBytes) {
        return sizeBytes == 0
                ? BodyPublishers.noBody()
                : BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> content), sizeBytes);
    }

    /** An answer's content: it fails when nothing comes for a minute, and closing it early is cheap. */
    public InputStream content(HttpResponse<InputStream> answer) {
        return new FilterInputStream(answer.body()) {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                ScheduledFuture<?> stalled = watch.schedule(this::cut, STALLED_AFTER.toMillis(), TimeUnit.MILLISECONDS);
                try {
                    return super.read(bytes, offset, length);
                } finally {
                    stalled.cancel(false);
                }
            }

            private void cut() {
                try {
                    close();
                } catch (IOException e) {
                    // the reader is told by its own read
                }
            }
        };
    }

    /** What an answer of another status than was hoped for means; closes it. */
    public static StoreException refused(String what, HttpResponse<InputStream> answer) {
        var told = "";
        try (var in = answer.body()) {
            told = new String(in.readNBytes(TOLD_BYTES), StandardCharsets.UTF_8)
                    .replaceAll("<[^>]*>|\\s", " ")
                    .replaceAll(" +", " ")
                    .strip();
        } catch (IOException e) {
            // the status must do
        }
        var shortened = told.length() > 300 ? told.substring(0, 300) + "…" : told;
        return new StoreException(
                StoreException.kindOf(answer.statusCode()),
                "cannot " + what + ": HTTP " + answer.statusCode() + (shortened.isEmpty() ? "" : ", " + shortened));
    }

    /** Takes an answer of which only the status counts. */
    public static void done(HttpResponse<InputStream> answer) throws StoreException {
        try {
            answer.body().close();
        } catch (IOException e) {
            throw new StoreException(Kind.UNAVAILABLE, "the answer broke off: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        watch.shutdownNow();
        http.shutdownNow();
    }
}
