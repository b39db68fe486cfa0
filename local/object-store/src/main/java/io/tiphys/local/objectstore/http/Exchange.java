package io.tiphys.local.objectstore.http;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.StandardOpenOption;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Requests and answers of one connection, one after the other. */
final class Exchange {
    private static final long MAX_DRAIN = 64L << 20;
    private static final int MAX_HEADERS = 200;

    private final Wire wire;
    private final HttpHandler handler;

    Exchange(Wire wire, HttpHandler handler) {
        this.wire = wire;
        this.handler = handler;
    }

    void serveAll() throws IOException {
        boolean again = true;
        while (again) {
            String requestLine = firstLine();
            if (requestLine == null) {
                return;
            }
            again = serve(requestLine);
        }
    }

    private @Nullable String firstLine() throws IOException {
        try {
            String line = wire.line();
            return line.isEmpty() ? wire.line() : line;
        } catch (EOFException e) {
            return null;
        }
    }

    private boolean serve(String requestLine) throws IOException {
        String[] words = requestLine.split(" ", -1);
        if (words.length != 3 || !words[2].startsWith("HTTP/1.")) {
            wire.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            return false;
        }
        Map<String, String> headers = headers();
        boolean chunked = "chunked".equalsIgnoreCase(headers.get("transfer-encoding"));
        String length = headers.get("content-length");
        long contentLength = chunked ? -1 : length == null ? 0 : Long.parseUnsignedLong(length.trim());
        boolean waits = "100-continue".equalsIgnoreCase(headers.get("expect"));
        RequestBody body = new RequestBody(wire, contentLength, chunked, waits && (chunked || contentLength > 0));
        String target = path(words[1]);
        int question = target.indexOf('?');
        HttpRequest request = new HttpRequest(
                words[0],
                question < 0 ? target : target.substring(0, question),
                question < 0 ? "" : target.substring(question + 1),
                headers,
                contentLength,
                chunked || length != null,
                body);
        HttpResponse response = handler.answer(request);
        boolean close = "close".equalsIgnoreCase(headers.get("connection")) || words[2].equals("HTTP/1.0");
        try {
            boolean complete = send(response, words[0], close);
            return body.drain(MAX_DRAIN) && complete && !close;
        } finally {
            response.onSent().run();
        }
    }

    /** The path of a target, which may also come as an absolute URL (clients of a proxy do that). */
    private static String path(String target) {
        int scheme = target.indexOf("://");
        if (target.startsWith("/") || scheme < 0) {
            return target;
        }
        int slash = target.indexOf('/', scheme + 3);
        return slash < 0 ? "/" : target.substring(slash);
    }

    private Map<String, String> headers() throws IOException {
        Map<String, String> headers = new HashMap<>();
        for (String line = wire.line(); !line.isEmpty(); line = wire.line()) {
            int colon = line.indexOf(':');
            if (colon <= 0 || headers.size() > MAX_HEADERS) {
                throw new IOException("malformed header");
            }
            headers.merge(
                    line.substring(0, colon).toLowerCase(java.util.Locale.ROOT),
                    line.substring(colon + 1).trim(),
                    (first, second) -> first + "," + second);
        }
        return headers;
    }

    private boolean send(HttpResponse response, String method, boolean close) throws IOException {
        StringBuilder head = new StringBuilder(512);
        head.append("HTTP/1.1 ")
                .append(response.status())
                .append(' ')
                .append(reason(response.status()))
                .append("\r\n");
        response.headers()
                .forEach((name, value) -> head.append(name)
                        .append(": ")
                        .append(value.replaceAll("[\r\n]", " "))
                        .append("\r\n"));
        if (response.status() != 204 && response.status() != 304) {
            head.append("Content-Length: ").append(response.body().length()).append("\r\n");
        }
        head.append("Date: ").append(DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)));
        head.append(close ? "\r\nConnection: close\r\n\r\n" : "\r\n\r\n");
        ByteBuffer headBytes = ByteBuffer.wrap(head.toString().getBytes(StandardCharsets.UTF_8));
        if (method.equals("HEAD") || response.status() == 204 || response.status() == 304) {
            wire.write(headBytes);
            return true;
        }
        return sendBody(headBytes, response.body());
    }

    private boolean sendBody(ByteBuffer head, HttpResponse.Body body) throws IOException {
        return switch (body) {
            case HttpResponse.Text(String content) -> {
                wire.write(head, StandardCharsets.UTF_8.encode(content));
                yield true;
            }
            case HttpResponse.Slices(var slices) -> {
                wire.write(head);
                for (HttpResponse.Slice slice : slices) {
                    wire.write(slice);
                }
                yield true;
            }
            case HttpResponse.Absent _ -> {
                wire.write(head);
                yield true;
            }
            case HttpResponse.Damaged damaged -> {
                wire.write(head);
                yield sendDamaged(damaged);
            }
        };
    }

    private boolean sendDamaged(HttpResponse.Damaged damaged) throws IOException {
        long position = 0;
        for (ByteBuffer piece : pieces(damaged.whole())) {
            long flip = damaged.flipAtByte() - position;
            if (flip >= 0 && flip < piece.remaining()) {
                piece.put((int) flip, (byte) (piece.get((int) flip) ^ 1));
            }
            long end = damaged.cutAfterBytes() - position;
            if (end < piece.remaining()) {
                wire.write(piece.limit((int) end));
                return false;
            }
            position += piece.remaining();
            wire.write(piece);
        }
        return true;
    }

    /** A body in memory: damage is for tests, whose bodies are small. */
    private static Iterable<ByteBuffer> pieces(HttpResponse.Body body) throws IOException {
        var pieces = new java.util.ArrayList<ByteBuffer>();
        switch (body) {
            case HttpResponse.Text(String content) ->
                pieces.add(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)));
            case HttpResponse.Slices(var slices) -> {
                for (HttpResponse.Slice slice : slices) {
                    try (FileChannel file = FileChannel.open(slice.file(), StandardOpenOption.READ)) {
                        file.position(slice.offset());
                        pieces.add(ByteBuffer.wrap(Channels.newInputStream(file).readNBytes((int) slice.length())));
                    }
                }
            }
            case HttpResponse.Absent _, HttpResponse.Damaged _ -> {
                // nothing to damage
            }
        }
        return pieces;
    }

    private static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 204 -> "No Content";
            case 206 -> "Partial Content";
            case 304 -> "Not Modified";
            case 400 -> "Bad Request";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 409 -> "Conflict";
            case 412 -> "Precondition Failed";
            case 416 -> "Range Not Satisfiable";
            case 503 -> "Service Unavailable";
            default -> "Status";
        };
    }
}
