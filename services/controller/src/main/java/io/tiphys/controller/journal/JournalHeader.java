package io.tiphys.controller.journal;

import java.nio.ByteBuffer;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What the controller wants to know of its own record without reading all of it.
 *
 * @param start where in the value the engine's state begins, in bytes
 * @param length of the state, in bytes
 * @param seq {@code NodeChange.seq}
 */
record JournalHeader(int start, int length, long seq) {
    private static final String NAME = "tiphys_state";
    private static final int SIZE = 2 * Integer.BYTES + Long.BYTES;

    void addTo(Headers headers) {
        headers.add(
                NAME,
                ByteBuffer.allocate(SIZE)
                        .putInt(start)
                        .putInt(length)
                        .putLong(seq)
                        .array());
    }

    /** Null if the record has none, or one that doesn't fit its value. */
    static @Nullable JournalHeader of(Headers headers, byte[] value) {
        Header header = headers.lastHeader(NAME);
        if (header == null || header.value() == null || header.value().length != SIZE) {
            return null;
        }
        ByteBuffer buffer = ByteBuffer.wrap(header.value());
        JournalHeader read = new JournalHeader(buffer.getInt(), buffer.getInt(), buffer.getLong());
        boolean fits = read.start >= 0
                && read.length > 0
                && (long) read.start + read.length == value.length - 1L
                && value[read.start] == '{'
                && value[value.length - 1] == '}';
        return fits ? read : null;
    }
}
