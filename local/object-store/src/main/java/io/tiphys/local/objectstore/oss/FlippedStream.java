package io.tiphys.local.objectstore.oss;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream with one wrong bit. */
final class FlippedStream extends FilterInputStream {
    private long untilFlip;

    FlippedStream(InputStream in, long atByte) {
        super(in);
        this.untilFlip = atByte;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int count = super.read(target, offset, length);
        if (untilFlip >= 0 && untilFlip < count) {
            target[offset + (int) untilFlip] ^= 1;
        }
        untilFlip -= Math.max(count, 0);
        return count;
    }
}
