package io.tiphys.local.objectstore;

import java.io.InputStream;
import java.util.Arrays;

/** So many zeros. */
final class ZeroStream extends InputStream {
    private long left;

    ZeroStream(long size) {
        this.left = size;
    }

    @Override
    public int read() {
        return left-- > 0 ? 0 : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (left <= 0) {
            return -1;
        }
        int count = (int) Math.min(length, left);
        Arrays.fill(target, offset, offset + count, (byte) 0);
        left -= count;
        return count;
    }
}
