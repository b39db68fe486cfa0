package io.tiphys.executor.stage;

import io.tiphys.executor.Pace;
import io.tiphys.executor.Parallel;
import io.tiphys.executor.http.ObjectClient;
import io.tiphys.executor.http.Retry;
import io.tiphys.executor.sums.Crc64Sum;
import io.tiphys.transfer.Crc64;
import io.tiphys.transfer.Downloads.ObjectToRead;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * One object into one file, several ranges at a time; a range that fails is fetched again by itself, from where it broke. Ranges of zeros
 * become holes.
 */
record FileDownload(ObjectClient client, Retry retry, Pace pace, ObjectUrls urls) {
    private static final long RANGE_BYTES = 16L * 1024 * 1024;

    private record Range(long from, long length) {}

    void to(Path file, String name, ObjectToRead object) throws IOException {
        Files.createDirectories(file.getParent());
        try (var channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            var ranges = ranges(object.sizeBytes());
            var writer = new SparseWriter(channel);
            var sums = Parallel.map(ranges, pace, range -> fetch(writer, name, object, range));
            writer.end(object.sizeBytes());
            verify(name, object, ranges, sums);
        }
    }

    private static List<Range> ranges(long size) {
        var ranges = new ArrayList<Range>();
        for (long from = 0; from < size; from += RANGE_BYTES) {
            ranges.add(new Range(from, Math.min(RANGE_BYTES, size - from)));
        }
        return ranges;
    }

    private long fetch(SparseWriter writer, String name, ObjectToRead object, Range range) throws IOException {
        var arriving = new Arriving(writer, range);
        retry.run("download of " + name, () -> {
            try {
                arriving.goOn(object);
                return arriving;
            } catch (IOException e) {
                pace.failed();
                throw e;
            }
        });
        pace.carried(range.length());
        return arriving.crc.value();
    }

    /** A range as far as it has come. */
    private final class Arriving {
        private final SparseWriter writer;
        private final Crc64Sum crc = new Crc64Sum();
        private final long end;
        private long at;

        Arriving(SparseWriter writer, Range range) {
            this.writer = writer;
            this.at = range.from();
            this.end = range.from() + range.length();
        }

        void goOn(ObjectToRead object) throws IOException {
            var block = new byte[SparseWriter.BLOCK_BYTES];
            try (var in = urls.get(client, object, at, end - 1)) {
                while (at < end) {
                    int n = in.readNBytes(block, 0, (int) Math.min(block.length, end - at));
                    if (n == 0) {
                        throw new IOException("the connection ended at byte " + at + " of " + end);
                    }
                    crc.update(block, 0, n);
                    writer.write(block, n, at);
                    at += n;
                }
            }
        }
    }

    private static void verify(String name, ObjectToRead object, List<Range> ranges, List<Long> sums)
            throws IOException {
        long whole = 0;
        for (int n = 0; n < ranges.size(); n++) {
            whole = Crc64.combine(whole, sums.get(n), ranges.get(n).length());
        }
        if (object.crc64() != null && !object.crc64().equals(Long.toUnsignedString(whole))) {
            throw new DamagedException(name, Long.toUnsignedString(whole), object.crc64());
        }
    }
}
