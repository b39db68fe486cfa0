package io.tiphys.artifacts;

import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** An object's content whose early end cuts the connection, instead of reading what nobody wants. */
public final class AbortingStream extends FilterInputStream {
    private final Closeable connection;
    private boolean ended;

    /**
     * The content of an object.
     *
     * @param connection closed instead of the content if that isn't read to its end
     */
    public AbortingStream(InputStream content, Closeable connection) {
        super(content);
        this.connection = connection;
    }

    @Override
    public int read() throws IOException {
        int b = super.read();
        ended |= b < 0;
        return b;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int n = super.read(bytes, offset, length);
        ended |= n < 0;
        return n;
    }

    @Override
    public void close() throws IOException {
        if (ended) {
            super.close();
        } else {
            connection.close();
        }
    }
}
