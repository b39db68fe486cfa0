package io.tiphys.executor.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tiphys.transfer.Uploads;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Sends to and reads from object storage by presigned URL. One attempt per call; callers repeat. */
public final class ObjectClient {
    private static final Duration ANSWER_WITHIN = Duration.ofMinutes(5);
    private static final Pattern ERROR_CODE = Pattern.compile("<Code>([^<]*)</Code>");
    private static final Pattern ERROR_MESSAGE = Pattern.compile("<Message>([^<]*)</Message>");
    private static final String CRC64_HEADER = "x-oss-hash-crc64ecma";

    private final HttpClient http;

    public ObjectClient(HttpClient http) {
        this.http = http;
    }

    /** Opens a fresh stream of the same bytes each time. */
    @FunctionalInterface
    public interface Body {
        InputStream open() throws IOException;
    }

    /** What was stored; the CRC64 as the store counted it, if it does. */
    public record Stored(String etag, @Nullable String crc64) {}

    /**
     * Sends one object or part.
     *
     * @throws UrlRefusedException if another URL must be asked for
     */
    public Stored put(Uploads.Put put, Body body, long lengthBytes, long crc64) throws IOException {
        var content = new PulledBody(body, lengthBytes);
        var request =
                HttpRequest.newBuilder(uri(put.url())).timeout(ANSWER_WITHIN).PUT(content);
        put.headers().forEach(request::header);
        HttpResponse<byte[]> response;
        try {
            response = send(request.build(), BodyHandlers.ofByteArray());
        } catch (IOException e) {
            content.rethrowFailure(); // the file's fault, not the network's
            throw e;
        }
        if (response.statusCode() != 200 && response.statusCode() != 201) {
            throw refused(put.url(), response.statusCode(), response.body());
        }
        var stored = new Stored(
                response.headers().firstValue("ETag").orElse("").replace("\"", ""),
                response.headers().firstValue(CRC64_HEADER).orElse(null));
        if (stored.crc64() != null && !stored.crc64().equals(Long.toUnsignedString(crc64))) {
            throw new IOException("PUT " + place(put.url()) + ": object storage received other bytes than were sent"
                    + " (CRC64 differs)");
        }
        return stored;
    }

    /** The bytes from {@code from} to {@code to} (inclusive); fails if the object is another than {@code etag} by now. */
    public InputStream get(String url, Map<String, String> headers, long from, long to, @Nullable String etag)
            throws IOException {
        var request = HttpRequest.newBuilder(uri(url)).timeout(ANSWER_WITHIN).GET();
        headers.forEach(request::header);
        if (etag != null && !etag.isEmpty()) {
            request.header("If-Match", '"' + etag + '"');
        }
        request.header("Range", "bytes=" + from + "-" + to);
        var response = send(request.build(), BodyHandlers.ofInputStream());
        boolean whole = response.statusCode() == 200 && from == 0;
        if (response.statusCode() != 206 && !whole) {
            try (var body = response.body()) {
                throw refused(url, response.statusCode(), body.readNBytes(4096));
            }
        }
        var got = response.headers()
                .firstValue("ETag")
                .map(e -> e.replace("\"", ""))
                .orElse(null);
        if (etag != null
                && !etag.isEmpty()
                && got != null
                && !etag.toUpperCase(Locale.ROOT).equals(got.toUpperCase(Locale.ROOT))) {
            response.body().close();
            throw replaced(url);
        }
        return new WatchedStream(response.body());
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) throws IOException {
        try {
            return http.send(request, handler);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted during a transfer");
        } catch (IOException e) {
            // The URL gives rights: name the place only.
            throw new IOException(
                    place(request.uri().toString()) + ": no answer from object storage ("
                            + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()) + ")",
                    e);
        }
    }

    private static IOException refused(String url, int status, byte[] body) {
        var text = new String(body, UTF_8);
        var code = first(ERROR_CODE, text);
        var message = place(url) + ": object storage answered HTTP " + status
                + (code.isEmpty() ? "" : " " + code + ": " + first(ERROR_MESSAGE, text));
        return switch (status) {
            case 403 -> new UrlRefusedException(message);
            case 404 ->
                code.equals("NoSuchUpload") ? new SessionLostException(message) : new PermanentException(message);
            case 412 -> replaced(url);
            // 400 InvalidDigest: damaged on the way, or the file changed between summing and sending
            case 400, 408, 409, 429 -> new IOException(message);
            default -> status >= 500 ? new IOException(message) : new PermanentException(message);
        };
    }

    private static PermanentException replaced(String url) {
        return new PermanentException(place(url) + ": the object was replaced while it was being read");
    }

    /** The URL without what gives the right to use it. */
    static String place(String url) {
        int query = url.indexOf('?');
        return query < 0 ? url : url.substring(0, query);
    }

    private static URI uri(String url) throws PermanentException {
        try {
            return new URI(url);
        } catch (URISyntaxException e) {
            throw new PermanentException(
                    place(url) + ": the uploader gave a URL that can't be read"); // e has the signature
        }
    }

    private static String first(Pattern pattern, String text) {
        var matcher = pattern.matcher(text);
        return matcher.find() ? matcher.group(1) : "";
    }

    /** Object storage refused the URL: it is too old, or its signer has no right. Another one is worth a try, or two. */
    public static final class UrlRefusedException extends IOException {
        UrlRefusedException(String message) {
            super(message);
        }
    }
}
