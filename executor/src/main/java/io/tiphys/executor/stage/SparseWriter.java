package io.tiphys.executor.stage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/** Writes into a new file and leaves stretches of zeros out, so that they become holes again. Several may write to one file. */
final class SparseWriter {
    /** Smaller stretches are written. */
    static final int BLOCK_BYTES = 32 * 1024;

    private static final byte[] ZEROS = new byte[BLOCK_BYTES];

    private final FileChannel channel;

    SparseWriter(FileChannel channel) {
        this.channel = channel;
    }

    /** Puts at most a block somewhere; how many bytes that takes on the disk. */
    int write(byte[] block, int length, long at) throws IOException {
        if (length > 0
                && block[0] == 0
                && block[length - 1] == 0
                && Arrays.equals(block, 0, length, ZEROS, 0, length)) {
            return 0;
        }
        var bytes = ByteBuffer.wrap(block, 0, length);
        while (bytes.hasRemaining()) {
            channel.write(bytes, at + bytes.position());
        }
        return length;
    }

    /** Gives the file its size, as it may end with a hole. */
    void end(long size) throws IOException {
        if (channel.size() < size) {
            channel.write(ByteBuffer.wrap(new byte[1]), size - 1);
        }
    }
}
