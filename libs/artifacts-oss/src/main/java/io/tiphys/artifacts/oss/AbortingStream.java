package io.tiphys.artifacts.oss;

import com.aliyun.oss.model.OSSObject;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** An object's content whose early end cuts the connection, instead of reading what nobody wants. */
final class AbortingStream extends FilterInputStream {
    private final OSSObject object;
    private boolean ended;

    AbortingStream(InputStream in, OSSObject object) {
        super(in);
        this.object = object;
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
            object.forcedClose();
        }
    }
}
