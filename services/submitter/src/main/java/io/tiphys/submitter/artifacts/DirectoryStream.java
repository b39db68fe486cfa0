package io.tiphys.submitter.artifacts;

import io.tiphys.artifacts.ArtifactStore;
import io.tiphys.artifacts.ArtifactStore.PageRequest;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoredObject;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.compress.archivers.ArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/** A directory of objects as one archive, made on the way: nothing but the piece in transit is in memory. */
final class DirectoryStream {
    /** How a directory is packed. */
    enum Packing {
        TAR_GZ(".tar.gz"),
        ZIP(".zip");

        private final String ending;

        Packing(String ending) {
            this.ending = ending;
        }

        /** Of the archive's name. */
        String ending() {
            return ending;
        }
    }

    private static final int IN_MEMORY_BYTES = 1 << 20;

    private final ArtifactStore store;
    private final String prefix;

    /** The directory's key ends in a slash. */
    DirectoryStream(ArtifactStore store, String key) {
        this.store = store;
        this.prefix = key.endsWith("/") || key.isEmpty() ? key : key + "/";
    }

    /** Whether there is any object in the directory. */
    boolean exists() throws StoreException {
        return !store.page(new PageRequest(prefix, null, null, 1)).objects().isEmpty();
    }

    void copy(Packing packing, OutputStream out) throws IOException {
        OutputStream kept = new LeftOpen(out);
        switch (packing) {
            case TAR_GZ -> {
                try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(kept, 64 * 1024))) {
                    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
                    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
                    fill(tar, DirectoryStream::tarEntry);
                }
            }
            case ZIP -> {
                try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(kept)) {
                    zip.setUseZip64(Zip64Mode.AsNeeded);
                    fill(zip, DirectoryStream::zipEntry);
                }
            }
        }
    }

    private interface Entries<E extends ArchiveEntry> {
        E of(String name, StoredObject object);
    }

    private <E extends ArchiveEntry> void fill(ArchiveOutputStream<E> archive, Entries<E> entries) throws IOException {
        try {
            store.list(prefix, object -> {
                try {
                    add(object, archive, entries);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private <E extends ArchiveEntry> void add(StoredObject object, ArchiveOutputStream<E> archive, Entries<E> entries)
            throws IOException {
        String name = object.key().substring(prefix.length());
        if (name.isEmpty()) {
            return;
        }
        if (object.sizeBytes() < 0) {
            addUnsized(name, object, archive, entries);
            return;
        }
        E entry = entries.of(name, object);
        archive.putArchiveEntry(entry);
        if (!entry.isDirectory() && object.sizeBytes() > 0) {
            new ObjectStream(store, object).copy(new ByteRange(0, object.sizeBytes() - 1), archive);
        }
        archive.closeArchiveEntry();
    }

    /**
     * Its size stands before the content in the archive: one of which the store tells none is read here first. A large one is read twice, as
     * nothing is kept on disk.
     */
    private <E extends ArchiveEntry> void addUnsized(
            String name, StoredObject object, ArchiveOutputStream<E> archive, Entries<E> entries) throws IOException {
        byte[] begin;
        long size;
        try (InputStream content = store.read(object.key())) {
            begin = content.readNBytes(IN_MEMORY_BYTES);
            size = begin.length + content.transferTo(OutputStream.nullOutputStream());
        }
        archive.putArchiveEntry(entries.of(name, sized(object, size)));
        if (size == begin.length) {
            archive.write(begin);
        } else {
            try (InputStream content = store.read(object.key())) {
                if (content.transferTo(archive) != size) {
                    throw new IOException(store.name() + "/" + object.key() + " changed while it was being read");
                }
            }
        }
        archive.closeArchiveEntry();
    }

    private static StoredObject sized(StoredObject object, long sizeBytes) {
        return new StoredObject(
                object.key(), sizeBytes, object.etag(), object.crc64(), object.modified(), object.contentType());
    }

    private static TarArchiveEntry tarEntry(String name, StoredObject object) {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(entry.isDirectory() ? 0 : object.sizeBytes());
        entry.setLastModifiedTime(modified(object));
        return entry;
    }

    private static ZipArchiveEntry zipEntry(String name, StoredObject object) {
        ZipArchiveEntry entry = new ZipArchiveEntry(name);
        entry.setSize(entry.isDirectory() ? 0 : object.sizeBytes());
        entry.setLastModifiedTime(modified(object));
        return entry;
    }

    private static FileTime modified(StoredObject object) {
        return FileTime.from(object.modified() == null ? Instant.EPOCH : object.modified());
    }

    /** The archive's end isn't the answer's: whoever opened the stream closes it. */
    private static final class LeftOpen extends FilterOutputStream {
        LeftOpen(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
