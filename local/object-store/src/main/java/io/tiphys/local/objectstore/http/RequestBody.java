package io.tiphys.local.objectstore.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** A request's body on its connection: of known length or chunked. Sends {@code 100 Continue} when it is first read, if the client waits for it. */
final class RequestBody extends InputStream {
    private static final int NO_CHUNK = -1;

    private final Wire wire;
    private final boolean chunked;
    private boolean continueExpected;
    private long left;
    private boolean ended;

    RequestBody(Wire wire, long contentLength, boolean chunked, boolean continueExpected) {
        this.wire = wire;
        this.chunked = chunked;
        this.continueExpected = continueExpected;
        this.left = chunked ? NO_CHUNK : contentLength;
        this.ended = !chunked && contentLength == 0;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (ended) {
            return -1;
        }
        if (length == 0) {
            return 0;
        }
        if (continueExpected) {
            continueExpected = false;
            wire.write("HTTP/1.1 100 Continue\r\n\r\n");
        }
        if (chunked && left <= 0) {
            nextChunk();
            if (ended) {
                return -1;
            }
        }
        int count = wire.read(target, offset, (int) Math.min(length, left));
        if (count < 0) {
            throw new EOFException("the client closed the connection with bytes of the body missing");
        }
        left -= count;
        if (left == 0 && !chunked) {
            ended = true;
        }
        return count;
    }

    private void nextChunk() throws IOException {
        if (left == 0 && !wire.line().isEmpty()) {
            throw new IOException("a chunk is longer than it said");
        }
        String size = wire.line();
        int extension = size.indexOf(';');
        try {
            left = Long.parseLong((extension < 0 ? size : size.substring(0, extension)).trim(), 16);
        } catch (NumberFormatException e) {
            throw new IOException("bad chunk size: " + size, e);
        }
        if (left < 0) {
            throw new IOException("bad chunk size: " + size);
        }
        if (left == 0) {
            ended = true;
            while (!wire.line().isEmpty()) {
                // trailers carry nothing for us
            }
        }
    }

    /** Reads and forgets what is left, up to a limit. False when the connection can't be used for a next request. */
    boolean drain(long limit) throws IOException {
        if (continueExpected) {
            return false;
        }
        byte[] scratch = new byte[64 * 1024];
        long drained = 0;
        while (drained < limit) {
            int count = read(scratch, 0, scratch.length);
            if (count < 0) {
                return true;
            }
            drained += count;
        }
        return ended;
    }
}
