package io.tiphys.controller.journal;

import java.nio.ByteBuffer;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What makes several records of one workflow one commit, of which all counts or nothing: a write may be cut off, and what was decided
 * must not be there without what it was decided for. A record without a mark is a commit of its own.
 *
 * @param seq the same in all records of the commit, and in no other commit of the same writer about the workflow
 * @param isLast whether the commit is complete with this record
 */
record CommitMark(long seq, boolean isLast) {
    private static final String NAME = "tiphys_commit";
    private static final int SIZE = Long.BYTES + 1;

    /** Puts the mark onto a record of the commit. */
    void addTo(Headers headers) {
        byte last = (byte) (isLast ? 1 : 0);
        headers.add(NAME, ByteBuffer.allocate(SIZE).putLong(seq).put(last).array());
    }

    /** Null if the record is a commit of its own. */
    static @Nullable CommitMark of(Headers headers) {
        Header header = headers.lastHeader(NAME);
        if (header == null || header.value() == null || header.value().length != SIZE) {
            return null;
        }
        ByteBuffer buffer = ByteBuffer.wrap(header.value());
        return new CommitMark(buffer.getLong(), buffer.get() == 1);
    }

    /** Takes the record out of its commit: what is written anew stands for itself. */
    static void removeFrom(Headers headers) {
        headers.remove(NAME);
    }
}
