package io.tiphys.executor.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Sends large bodies where there is neither TLS nor a proxy, with as little processor time per byte as there is: from one socket to another
 * through one buffer outside the heap, on a thread of the operating system, which costs less to keep waiting than a virtual one when it has
 * to wait for every piece. Keeps connections for the next request. Safe for many threads.
 */
final class PlainPuts {
    private static final long FROM_BYTES = 1024 * 1024;
    private static final int CONNECT_MILLIS = 5_000;
    private static final int HTTP_PORT = 80;
    private static final int MOST_IDLE = 16;
    private static final long LONGEST_IDLE_NANOS = Duration.ofSeconds(5).toNanos();
    private static final Duration LONGEST_WAIT_FOR_ANSWER = Duration.ofMinutes(5);

    private static final Set<String> OURS =
            Set.of("host", "content-length", "transfer-encoding", "connection", "expect");
    private static final Pattern BREAKS = Pattern.compile("[\r\n]");

    private final Map<String, Deque<PlainConnection>> idle = new HashMap<>();

    /** What fails is either the network's fault, which is told here, or the body's, which isn't. */
    interface Network {
        IOException failed(IOException e);
    }

    static boolean takes(URI uri, long lengthBytes) {
        if (lengthBytes < FROM_BYTES || !"http".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null) {
            return false;
        }
        var proxies = ProxySelector.getDefault();
        return proxies == null || proxies.select(uri).stream().allMatch(proxy -> proxy.type() == Proxy.Type.DIRECT);
    }

    /** One attempt; an interrupt ends it, and it is over when this returns or throws: nothing reads the body any more. */
    PlainConnection.Answer put(
            URI uri, Map<String, String> headers, ObjectClient.Body body, long lengthBytes, Network network)
            throws IOException {
        var sending = new FutureTask<>(() -> exchange(uri, headers, body, lengthBytes, network));
        var thread = Thread.ofPlatform().name("send").daemon().start(sending);
        if (!ended(thread)) {
            thread.interrupt();
            while (!ended(thread)) {
                Thread.onSpinWait(); // interrupted again
            }
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted during a transfer");
        }
        return result(sending);
    }

    /** False if this thread was interrupted before that. */
    private static boolean ended(Thread thread) {
        try {
            thread.join();
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private static <T> T result(FutureTask<T> ended) throws IOException {
        try {
            return ended.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted during a transfer");
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException failure -> throw failure;
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                case null, default -> throw new IOException(e.getCause());
            }
        }
    }

    private PlainConnection.Answer exchange(
            URI uri, Map<String, String> headers, ObjectClient.Body body, long lengthBytes, Network network)
            throws IOException {
        var head = head(uri, headers, lengthBytes);
        var connection = network(network, () -> take(uri));
        boolean isReusable = false;
        try {
            var refusal = send(connection, head, body, lengthBytes, network);
            var answer = answer(connection, refusal, network);
            isReusable = refusal == null && !answer.endsConnection();
            return answer;
        } finally {
            if (isReusable) {
                giveBack(uri, connection);
            } else {
                connection.close();
            }
        }
    }

    /** Null when all was sent; else what went wrong on the network: who doesn't want the body to its end may have said why. */
    private static @Nullable IOException send(
            PlainConnection connection, String head, ObjectClient.Body body, long lengthBytes, Network network)
            throws IOException {
        try (var stillness = new Stillness();
                var in = body.open()) {
            network(
                    network,
                    () -> stillness.bounded(() -> {
                        connection.send(head);
                        return head;
                    }));
            for (long left = lengthBytes; left > 0; ) {
                var piece = connection.room();
                piece.limit((int) Math.min(piece.capacity(), left));
                fill(in, piece);
                piece.flip();
                left -= piece.remaining();
                if (!piece.hasRemaining()) {
                    throw new IOException("the content ended " + left + " bytes early");
                }
                if (left == 0 && in.read() >= 0) { // also where a reader finds out that what it read doesn't count
                    throw new IOException("the content is longer than it was");
                }
                try {
                    stillness.bounded(() -> {
                        connection.send(piece);
                        return piece;
                    });
                } catch (IOException e) {
                    return network.failed(e);
                }
            }
            return null;
        }
    }

    private static PlainConnection.Answer answer(
            PlainConnection connection, @Nullable IOException refusal, Network network) throws IOException {
        try (var stillness = new Stillness(LONGEST_WAIT_FOR_ANSWER)) {
            return stillness.bounded(connection::answer);
        } catch (IOException e) {
            throw refusal == null ? network.failed(e) : refusal;
        }
    }

    private static void fill(InputStream in, ByteBuffer piece) throws IOException {
        if (in instanceof ReadableByteChannel channel) {
            int n = 0;
            while (n >= 0 && piece.hasRemaining()) {
                n = channel.read(piece);
            }
        } else {
            var bytes = in.readNBytes(piece.remaining());
            piece.put(bytes);
        }
    }

    private static <T> T network(Network network, Stillness.Step<T> step) throws IOException {
        try {
            return step.run();
        } catch (IOException e) {
            throw network.failed(e);
        }
    }

    private static String head(URI uri, Map<String, String> headers, long lengthBytes) throws PermanentException {
        var path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        var query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        var head = new StringBuilder("PUT " + path + query + " HTTP/1.1\r\n");
        head.append("Host: ").append(place(uri)).append("\r\n");
        for (var header : headers.entrySet()) {
            if (OURS.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                continue; // others may be signed, but say the same
            }
            if (BREAKS.matcher(header.getKey() + header.getValue()).find()) {
                throw new PermanentException(place(uri) + ": the uploader gave a header of several lines");
            }
            head.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n");
        }
        return head.append("Content-Length: ")
                .append(lengthBytes)
                .append("\r\n\r\n")
                .toString();
    }

    private static String place(URI uri) {
        return uri.getPort() < 0 || uri.getPort() == HTTP_PORT ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
    }

    private PlainConnection take(URI uri) throws IOException {
        for (var known = takeIdle(uri); known != null; known = takeIdle(uri)) {
            if (known.isFresh(LONGEST_IDLE_NANOS)) {
                return known;
            }
            known.close();
        }
        int port = uri.getPort() < 0 ? HTTP_PORT : uri.getPort();
        return PlainConnection.to(new InetSocketAddress(uri.getHost(), port), CONNECT_MILLIS);
    }

    private synchronized @Nullable PlainConnection takeIdle(URI uri) {
        var connections = idle.get(place(uri));
        return connections == null ? null : connections.poll();
    }

    private void giveBack(URI uri, PlainConnection connection) throws IOException {
        connection.rests();
        synchronized (this) {
            var connections = idle.computeIfAbsent(place(uri), _ -> new ArrayDeque<>());
            if (connections.size() < MOST_IDLE) {
                connections.push(connection);
                return;
            }
        }
        connection.close();
    }
}
