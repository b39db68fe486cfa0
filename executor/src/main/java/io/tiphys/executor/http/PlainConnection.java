package io.tiphys.executor.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One connection of HTTP/1.1 (RFC 9112) without TLS, with the one buffer that all its bytes go through. For requests that have a body of
 * known length and small answers. For one thread, which may wait; interrupting that closes the connection.
 */
final class PlainConnection implements AutoCloseable {
    private static final int BUFFER_BYTES = 128 * 1024;
    private static final int LONGEST_HEAD_BYTES = 64 * 1024;
    private static final int LONGEST_BODY_BYTES = 1024 * 1024;
    private static final int NOT_GIVEN = -1;

    private final SocketChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private long idleSince;

    private PlainConnection(SocketChannel channel) {
        this.channel = channel;
    }

    static PlainConnection to(InetSocketAddress address, int timeoutMillis) throws IOException {
        var channel = SocketChannel.open();
        try {
            channel.socket().setTcpNoDelay(true);
            channel.socket().connect(address, timeoutMillis);
            return new PlainConnection(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** What came back; names of headers in lower case. */
    record Answer(int status, Map<String, String> headers, String text, boolean endsConnection) {}

    /** Room for the next piece of a body; what was in it before has to be sent by then. */
    ByteBuffer room() {
        return buffer.clear();
    }

    void send(String head) throws IOException {
        send(ByteBuffer.wrap(head.getBytes(ISO_8859_1)));
    }

    void send(ByteBuffer piece) throws IOException {
        while (piece.hasRemaining()) {
            channel.write(piece);
        }
    }

    /** Waits for the answer and reads it to its end. */
    Answer answer() throws IOException {
        buffer.clear().limit(0);
        var status = statusLine();
        while (status.code() / 100 == 1) { // 100: go on, 103: hints
            headers();
            status = statusLine();
        }
        var headers = headers();
        boolean isChunked = headers.getOrDefault("transfer-encoding", "")
                .toLowerCase(Locale.ROOT)
                .endsWith("chunked");
        long length = isChunked ? NOT_GIVEN : length(headers, status.code());
        var body = isChunked ? chunks() : body(length);
        boolean ends = (!isChunked && length == NOT_GIVEN)
                || status.version().equals("HTTP/1.0")
                || headers.getOrDefault("connection", "").equalsIgnoreCase("close");
        return new Answer(status.code(), headers, new String(body, UTF_8), ends);
    }

    private record StatusLine(String version, int code) {}

    private StatusLine statusLine() throws IOException {
        var line = line();
        var words = line.split(" ", 3);
        if (words.length < 2 || !words[0].startsWith("HTTP/1.") || !words[1].matches("[1-5][0-9][0-9]")) {
            throw new IOException("an answer that is no HTTP");
        }
        return new StatusLine(words[0], Integer.parseInt(words[1]));
    }

    private Map<String, String> headers() throws IOException {
        var headers = new HashMap<String, String>();
        int bytes = 0;
        for (var line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            bytes += line.length();
            if (colon <= 0 || bytes > LONGEST_HEAD_BYTES) {
                throw new IOException("an answer with headers that can't be read");
            }
            headers.putIfAbsent(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return headers;
    }

    private static long length(Map<String, String> headers, int status) throws IOException {
        var text = headers.get("content-length");
        if (status == 204 || status == 304) {
            return 0;
        }
        if (text == null) {
            return NOT_GIVEN;
        }
        if (!text.matches("[0-9]{1,9}")) {
            throw new IOException("an answer of a length that can't be read");
        }
        return Long.parseLong(text);
    }

    private byte[] body(long length) throws IOException {
        var body = new ByteArrayOutputStream();
        while (length == NOT_GIVEN || body.size() < length) {
            if (!buffer.hasRemaining() && !refill()) {
                if (length == NOT_GIVEN) {
                    break;
                }
                throw new EOFException("the answer ended early");
            }
            take(body, length == NOT_GIVEN ? Integer.MAX_VALUE : (int) length - body.size());
        }
        return body.toByteArray();
    }

    private byte[] chunks() throws IOException {
        var body = new ByteArrayOutputStream();
        for (int size = chunkSize(); size > 0; size = chunkSize()) {
            for (int end = body.size() + size; body.size() < end; ) {
                if (!buffer.hasRemaining() && !refill()) {
                    throw new EOFException("the answer ended early");
                }
                take(body, end - body.size());
            }
            line();
        }
        headers(); // trailers
        return body.toByteArray();
    }

    private int chunkSize() throws IOException {
        var text = line().split(";", 2)[0].strip();
        if (!text.matches("[0-9A-Fa-f]{1,7}")) {
            throw new IOException("an answer with a chunk of a length that can't be read");
        }
        return Integer.parseInt(text, 16);
    }

    private void take(ByteArrayOutputStream body, int most) throws IOException {
        var bytes = new byte[Math.min(most, buffer.remaining())];
        buffer.get(bytes);
        body.writeBytes(bytes);
        if (body.size() > LONGEST_BODY_BYTES) {
            throw new IOException("an answer of more than " + LONGEST_BODY_BYTES + " bytes");
        }
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        while (true) {
            if (!buffer.hasRemaining() && !refill()) {
                throw new EOFException("the connection was closed");
            }
            char c = (char) (buffer.get() & 0xff);
            if (c == '\n') {
                int end = line.length();
                return line.substring(0, end > 0 && line.charAt(end - 1) == '\r' ? end - 1 : end);
            }
            if (line.length() == LONGEST_HEAD_BYTES) {
                throw new IOException("an answer with a header that is too long");
            }
            line.append(c);
        }
    }

    private boolean refill() throws IOException {
        buffer.clear();
        int n = channel.read(buffer);
        buffer.flip();
        return n > 0;
    }

    void rests() {
        idleSince = System.nanoTime();
    }

    /** Whether it can take another request: the other side hasn't closed it, and hasn't had the time to be about to. */
    boolean isFresh(long longestIdleNanos) {
        if (System.nanoTime() - idleSince > longestIdleNanos) {
            return false;
        }
        try {
            channel.configureBlocking(false);
            try {
                return channel.read(buffer.clear()) == 0;
            } finally {
                channel.configureBlocking(true);
            }
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
