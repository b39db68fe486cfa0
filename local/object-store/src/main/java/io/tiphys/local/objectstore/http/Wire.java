package io.tiphys.local.objectstore.http;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** The two directions of one connection: buffered lines in, large reads past the buffer, files out by sendfile. */
final class Wire {
    private static final int MAX_LINE = 64 * 1024;
    private static final int PIECE = 64 * 1024;

    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocate(16 * 1024).limit(0);

    Wire(SocketChannel channel) {
        this.channel = channel;
    }

    /**
     * A line without its end.
     *
     * @throws EOFException when the client closed the connection before it
     */
    String line() throws IOException {
        byte[] bytes = new byte[128];
        int length = 0;
        while (true) {
            if (!in.hasRemaining() && !refill()) {
                throw new EOFException("connection closed");
            }
            byte b = in.get();
            if (b == '\n') {
                int end = length > 0 && bytes[length - 1] == '\r' ? length - 1 : length;
                return new String(bytes, 0, end, StandardCharsets.UTF_8);
            }
            if (length == bytes.length) {
                if (length >= MAX_LINE) {
                    throw new IOException("a header line is longer than " + MAX_LINE + " bytes");
                }
                bytes = Arrays.copyOf(bytes, length * 2);
            }
            bytes[length++] = b;
        }
    }

    int read(byte[] target, int offset, int length) throws IOException {
        if (in.hasRemaining()) {
            int count = Math.min(length, in.remaining());
            in.get(target, offset, count);
            return count;
        }
        return channel.read(ByteBuffer.wrap(target, offset, length));
    }

    private boolean refill() throws IOException {
        in.clear();
        int count = channel.read(in);
        in.flip();
        return count > 0;
    }

    void write(String text) throws IOException {
        write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    void write(ByteBuffer... buffers) throws IOException {
        long left = 0;
        for (ByteBuffer buffer : buffers) {
            left += buffer.remaining();
        }
        while (left > 0) {
            left -= channel.write(buffers);
        }
    }

    void write(HttpResponse.Slice slice) throws IOException {
        try (FileChannel file = FileChannel.open(slice.file(), StandardOpenOption.READ)) {
            long position = slice.offset();
            long end = slice.offset() + slice.length();
            while (position < end) {
                long sent = file.transferTo(position, end - position, channel);
                if (sent <= 0) {
                    sent = copy(file, position, end);
                }
                position += sent;
            }
        }
    }

    /**
     * One piece by hand. Under a virtual thread the socket doesn't block, so sendfile gives up when the client is slow; a write waits.
     */
    private int copy(FileChannel file, long position, long end) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE, end - position));
        int count = file.read(piece, position);
        if (count <= 0) {
            throw new EOFException("a file is shorter than its entry says");
        }
        write(piece.flip());
        return count;
    }
}
