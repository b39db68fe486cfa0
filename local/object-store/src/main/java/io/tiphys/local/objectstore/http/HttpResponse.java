package io.tiphys.local.objectstore.http;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One answer.
 *
 * @param headers as they go on the wire, without Content-Length, Date and Connection
 * @param body sent unless the request was HEAD; its length is announced either way
 * @param onSent runs once when the answer has gone out or can't any more: releases what the body refers to
 */
public record HttpResponse(int status, Map<String, String> headers, Body body, Runnable onSent) {
    /** What is sent. */
    public sealed interface Body {
        long length();
    }

    /** A short text. */
    public record Text(String content) implements Body {
        @Override
        public long length() {
            return content.getBytes(StandardCharsets.UTF_8).length;
        }
    }

    /** Parts of files, one after the other; handed to the kernel, never through the heap. */
    public record Slices(List<Slice> slices) implements Body {
        @Override
        public long length() {
            return slices.stream().mapToLong(Slice::length).sum();
        }
    }

    public record Slice(Path file, long offset, long length) {}

    /** A body of which only the length is told. */
    public record Absent(long length) implements Body {}

    /** Another body with one bit flipped, or cut short: for tests that want a bad network. */
    public record Damaged(Body whole, long flipAtByte, long cutAfterBytes) implements Body {
        @Override
        public long length() {
            return whole.length();
        }
    }

    public static HttpResponse of(int status) {
        return new HttpResponse(status, new LinkedHashMap<>(), new Text(""), () -> {});
    }

    public static HttpResponse xml(int status, String document) {
        return of(status).with("Content-Type", "application/xml").withBody(new Text(document));
    }

    public HttpResponse with(String name, String value) {
        headers.put(name, value);
        return this;
    }

    public HttpResponse withBody(Body other) {
        return new HttpResponse(status, headers, other, onSent);
    }

    public HttpResponse whenSent(Runnable action) {
        return new HttpResponse(status, headers, body, action);
    }
}
