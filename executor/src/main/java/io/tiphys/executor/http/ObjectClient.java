package io.tiphys.executor.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tiphys.transfer.Uploads;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.HttpRetryException;
import java.net.HttpURLConnection;
import java.net.MalformedURLException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Sends to and reads from object storage by presigned URL. One attempt per call; callers repeat. The JDK's older, blocking client carries
 * the bytes: it costs less processor time than the newer one, and virtual threads may wait. Large bodies go by {@link PlainPuts} where they
 * can.
 */
public final class ObjectClient {
    private static final int CONNECT_MILLIS = 5_000;
    private static final int ANSWER_MILLIS = 300_000;
    private static final int PIECE_BYTES = 64 * 1024;
    private static final Pattern ERROR_CODE = Pattern.compile("<Code>([^<]*)</Code>");
    private static final Pattern ERROR_MESSAGE = Pattern.compile("<Message>([^<]*)</Message>");
    private static final String CRC64_HEADER = "x-oss-hash-crc64ecma";

    private final PlainPuts plain = new PlainPuts();

    /** Opens a fresh stream of the same bytes each time; one that is a channel, too, is read as such where that is cheaper. */
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
        var uri = uri(put.url());
        return PlainPuts.takes(uri, lengthBytes)
                ? putPlain(put, uri, body, lengthBytes, crc64)
                : putByJdk(put, body, lengthBytes, crc64);
    }

    private Stored putPlain(Uploads.Put put, URI uri, Body body, long lengthBytes, long crc64) throws IOException {
        var answer = plain.put(uri, put.headers(), body, lengthBytes, e -> noAnswer(put.url(), e));
        if (answer.status() != 200 && answer.status() != 201) {
            throw refused(put.url(), answer.status(), answer.text());
        }
        return stored(put.url(), answer.headers().get("etag"), answer.headers().get(CRC64_HEADER), crc64);
    }

    private static Stored putByJdk(Uploads.Put put, Body body, long lengthBytes, long crc64) throws IOException {
        var connection = connection(put.url(), put.headers());
        try (var stillness = new Stillness()) {
            connection.setRequestMethod("PUT");
            connection.setDoOutput(true);
            connection.setFixedLengthStreamingMode(lengthBytes);
            send(connection, body, lengthBytes, stillness);
            int status = status(connection);
            if (status != 200 && status != 201) {
                throw refused(put.url(), status, error(connection));
            }
            return stored(connection, put.url(), crc64);
        } catch (IOException e) {
            connection.disconnect();
            throw e;
        }
    }

    private static void send(HttpURLConnection connection, Body body, long lengthBytes, Stillness stillness)
            throws IOException {
        var piece = new byte[(int) Math.min(PIECE_BYTES, lengthBytes)];
        var out = network(connection, () -> stillness.bounded(connection::getOutputStream));
        try (var in = body.open()) { // what fails here is the file's fault, not the network's
            for (long left = lengthBytes; left > 0; ) {
                int n = in.readNBytes(piece, 0, (int) Math.min(piece.length, left));
                left -= n;
                if (n == 0) {
                    throw new IOException("the content ended " + left + " bytes early");
                }
                if (left == 0 && in.read() >= 0) { // also where a reader finds out that what it read doesn't count
                    throw new IOException("the content is longer than it was");
                }
                network(
                        connection,
                        () -> stillness.bounded(() -> {
                            out.write(piece, 0, n);
                            return out;
                        }));
            }
        }
        network(connection, () -> {
            out.close();
            return out;
        });
    }

    private static Stored stored(HttpURLConnection connection, String url, long crc64) throws IOException {
        try (var body = network(connection, connection::getInputStream)) {
            network(connection, body::readAllBytes); // the connection can be used again after that
        }
        return stored(url, connection.getHeaderField("ETag"), connection.getHeaderField(CRC64_HEADER), crc64);
    }

    private static Stored stored(String url, @Nullable String etag, @Nullable String storedCrc64, long crc64)
            throws IOException {
        var stored = new Stored(etag == null ? "" : etag.replace("\"", ""), storedCrc64);
        if (stored.crc64() != null && !stored.crc64().equals(Long.toUnsignedString(crc64))) {
            throw new IOException(
                    "PUT " + place(url) + ": object storage received other bytes than were sent" + " (CRC64 differs)");
        }
        return stored;
    }

    /** The bytes from {@code from} to {@code to} (inclusive); fails if the object is another than {@code etag} by now. */
    public InputStream get(String url, Map<String, String> headers, long from, long to, @Nullable String etag)
            throws IOException {
        var connection = connection(url, headers);
        try {
            if (etag != null && !etag.isEmpty()) {
                connection.setRequestProperty("If-Match", '"' + etag + '"');
            }
            connection.setRequestProperty("Range", "bytes=" + from + "-" + to);
            int status = status(connection);
            boolean whole = status == 200 && from == 0;
            if (status != 206 && !whole) {
                throw refused(url, status, error(connection));
            }
            var got = connection.getHeaderField("ETag");
            if (etag != null
                    && !etag.isEmpty()
                    && got != null
                    && !etag.toUpperCase(Locale.ROOT)
                            .equals(got.replace("\"", "").toUpperCase(Locale.ROOT))) {
                throw replaced(url);
            }
            return new Arriving(network(connection, connection::getInputStream));
        } catch (IOException e) {
            connection.disconnect();
            throw e;
        }
    }

    /** A body that gives up when nothing has come for a while. */
    private static final class Arriving extends FilterInputStream {
        private final Stillness stillness = new Stillness();

        Arriving(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            return stillness.bounded(in::read);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            try {
                return stillness.bounded(() -> in.read(bytes, offset, length));
            } catch (SocketTimeoutException e) {
                throw new IOException(e.getMessage(), e); // it would pass for an interruption
            }
        }

        @Override
        public void close() throws IOException {
            stillness.close();
            super.close();
        }
    }

    private static HttpURLConnection connection(String url, Map<String, String> headers) throws IOException {
        if (!(url(url).openConnection() instanceof HttpURLConnection connection)) {
            throw unreadable(url);
        }
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout(ANSWER_MILLIS);
        headers.forEach(connection::setRequestProperty);
        return connection;
    }

    private static int status(HttpURLConnection connection) throws IOException {
        return network(connection, () -> {
            try {
                return connection.getResponseCode();
            } catch (HttpRetryException e) { // 401 or 407, for which a streamed body can't be sent again
                return e.responseCode();
            }
        });
    }

    private static String error(HttpURLConnection connection) throws IOException {
        try (var body = connection.getErrorStream()) {
            return body == null ? "" : new String(network(connection, () -> body.readNBytes(4096)), UTF_8);
        }
    }

    /** What the network does; the URL gives rights, so a failure names the place only. */
    private static <T> T network(HttpURLConnection connection, Stillness.Step<T> step) throws IOException {
        try {
            return step.run();
        } catch (IOException e) {
            throw noAnswer(connection.getURL().toString(), e);
        }
    }

    private static IOException noAnswer(String url, IOException e) {
        if (Thread.currentThread().isInterrupted()) {
            var interrupted = new InterruptedIOException("interrupted during a transfer");
            interrupted.initCause(e);
            return interrupted;
        }
        return new IOException(
                place(url) + ": no answer from object storage ("
                        + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()) + ")",
                e);
    }

    private static IOException refused(String url, int status, String text) {
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

    private static URL url(String url) throws PermanentException {
        try {
            return uri(url).toURL();
        } catch (MalformedURLException | IllegalArgumentException e) {
            throw unreadable(url); // e has the signature
        }
    }

    private static URI uri(String url) throws PermanentException {
        try {
            return new URI(url);
        } catch (URISyntaxException e) {
            throw unreadable(url); // e has the signature
        }
    }

    private static PermanentException unreadable(String url) {
        return new PermanentException(place(url) + ": the uploader gave a URL that can't be read");
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
