package io.tiphys.submitter.log;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * An answer of the API server whose connection is given back when it was read to its end. Closing such a body cancels the
 * request, and that cuts the connection, which by then may carry somebody else's request; so only an early close does it.
 */
final class ReadToItsEnd extends FilterInputStream {
    private boolean ended;

    ReadToItsEnd(InputStream body) {
        super(body);
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
        if (!ended) {
            super.close();
        }
    }
}
