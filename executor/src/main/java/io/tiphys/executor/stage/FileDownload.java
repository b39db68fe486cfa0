package io.tiphys.executor.stage;

import io.tiphys.executor.Parallel;
import io.tiphys.executor.http.ObjectClient;
import io.tiphys.executor.http.PermanentException;
import io.tiphys.executor.http.Retry;
import io.tiphys.transfer.Crc64;
import io.tiphys.transfer.Downloads.ObjectToRead;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** One object into one file, several ranges at a time; a range that fails is fetched again by itself. */
record FileDownload(ObjectClient client, Retry retry, ObjectUrls urls) {
    private static final long RANGE_BYTES = 16L * 1024 * 1024;
    private static final int AT_A_TIME = 4;
    private static final int BUFFER_BYTES = 64 * 1024;

    private record Range(long from, long length) {}

    void to(Path file, String name, ObjectToRead object) throws IOException {
        Files.createDirectories(file.getParent());
        try (var channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            var ranges = ranges(object.sizeBytes());
            var sums = Parallel.map(
                    ranges, AT_A_TIME, range -> retry.run("download of " + name, () -> fetch(channel, object, range)));
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

    private long fetch(FileChannel channel, ObjectToRead object, Range range) throws IOException {
        var crc = new Crc64();
        var buffer = new byte[BUFFER_BYTES];
        long at = range.from();
        long end = range.from() + range.length();
        try (var in = urls.get(client, object, range.from(), end - 1)) {
            while (at < end) {
                int n = in.read(buffer, 0, (int) Math.min(buffer.length, end - at));
                if (n < 0) {
                    throw new IOException("the connection ended at byte " + at + " of " + end);
                }
                crc.update(buffer, 0, n);
                for (var bytes = ByteBuffer.wrap(buffer, 0, n); bytes.hasRemaining(); ) {
                    at += channel.write(bytes, at);
                }
            }
        }
        return crc.getValue();
    }

    private static void verify(String name, ObjectToRead object, List<Range> ranges, List<Long> sums)
            throws IOException {
        long whole = 0;
        for (int n = 0; n < ranges.size(); n++) {
            whole = Crc64.combine(whole, sums.get(n), ranges.get(n).length());
        }
        if (object.crc64() != null && !object.crc64().equals(Long.toUnsignedString(whole))) {
            throw new PermanentException(name + " arrived damaged: its CRC64 is " + Long.toUnsignedString(whole)
                    + ", object storage says " + object.crc64());
        }
    }
}
