package io.tiphys.executor.save;

import io.tiphys.executor.emissary.Emissary;
import io.tiphys.executor.emissary.FileEntry;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A file whose bytes can be read again, from anywhere. */
interface Source {
    long sizeBytes();

    /** Changes when the content does. */
    String fingerprint();

    /** At most {@code length} bytes from {@code offset}. */
    InputStream open(long offset, long length) throws IOException;

    /** The same for whoever has their sums and compares what came with them, as what is written meanwhile may be among it; costs less. */
    default InputStream openSummed(long offset, long length) throws IOException {
        return open(offset, length);
    }

    /** The sums of exactly these bytes; fails when there are fewer by now. */
    Sums sums(long offset, long length) throws IOException;

    /** The sums of neighbouring parts of so many bytes, the last one smaller; at most 64. */
    default List<Sums> sums(long offset, long length, long partBytes) throws IOException {
        var sums = new ArrayList<Sums>();
        for (long at = 0; at < length; at += partBytes) {
            sums.add(sums(offset + at, Math.min(partBytes, length - at)));
        }
        return sums;
    }

    /** A file of main, read through its emissary. */
    record InContainer(Emissary emissary, String path, FileEntry entry) implements Source {
        @Override
        public long sizeBytes() {
            return entry.sizeBytes();
        }

        @Override
        public String fingerprint() {
            return entry.version();
        }

        @Override
        public InputStream open(long offset, long length) throws IOException {
            return emissary.read(path, offset, length, entry.changed());
        }

        @Override
        public InputStream openSummed(long offset, long length) throws IOException {
            return emissary.readSummed(path, offset, length, entry.changed());
        }

        @Override
        public Sums sums(long offset, long length) throws IOException {
            return whole(path, Sums.of(emissary.digest(path, offset, length, entry.changed())), length);
        }

        @Override
        public List<Sums> sums(long offset, long length, long partBytes) throws IOException {
            return emissary.digests(path, offset, length, partBytes, entry.changed()).stream()
                    .map(Sums::of)
                    .toList();
        }
    }

    /** A file of our own, such as a log that emissary kept. */
    record OnDisk(Path file, long sizeBytes, String fingerprint) implements Source {
        static OnDisk of(Path file) throws IOException {
            return new OnDisk(file, Files.size(file), Files.size(file) + "-" + Files.getLastModifiedTime(file));
        }

        @Override
        public InputStream open(long offset, long length) throws IOException {
            var channel = FileChannel.open(file).position(offset);
            return new Limited(Channels.newInputStream(channel), length);
        }

        @Override
        public Sums sums(long offset, long length) throws IOException {
            try (var in = open(offset, length)) {
                return whole(file.toString(), Sums.of(in), length);
            }
        }
    }

    private static Sums whole(String path, Sums sums, long length) throws FileSystemException {
        if (sums.sizeBytes() != length) {
            throw new FileSystemException(path, null, "became shorter while it was being read");
        }
        return sums;
    }

    /** The first bytes of a stream. */
    final class Limited extends FilterInputStream {
        private long left;

        Limited(InputStream in, long length) {
            super(in);
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            int b = left == 0 ? -1 : super.read();
            left -= b < 0 ? 0 : 1;
            return b;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int n = super.read(bytes, offset, (int) Math.min(length, left));
            left -= Math.max(n, 0);
            return n;
        }
    }
}
