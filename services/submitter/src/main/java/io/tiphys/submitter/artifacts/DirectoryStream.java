package io.tiphys.submitter.artifacts;

import io.tiphys.artifacts.ArtifactStore;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoredObject;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** A directory of objects as one {@code tar.gz}, made on the way: nothing but the object in transit is in memory. */
final class DirectoryStream {
    private final ArtifactStore store;
    private final String prefix;

    /** The directory's key ends in a slash. */
    DirectoryStream(ArtifactStore store, String key) {
        this.store = store;
        this.prefix = key.endsWith("/") ? key : key + "/";
    }

    /** Whether there is any object in the directory. */
    boolean exists() throws StoreException {
        try {
            store.list(prefix, _ -> {
                throw new FoundException();
            });
            return false;
        } catch (FoundException _) {
            return true;
        }
    }

    private static final class FoundException extends RuntimeException {
        FoundException() {
            super("found", null, false, false);
        }
    }

    void copy(OutputStream out) throws IOException {
        OutputStream kept = new FilterOutputStream(out) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
            }

            @Override
            public void close() throws IOException {
                flush();
            }
        };
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(kept, 64 * 1024))) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            store.list(prefix, object -> {
                try {
                    add(object, tar);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void add(StoredObject object, TarArchiveOutputStream tar) throws IOException {
        String name = object.key().substring(prefix.length());
        if (name.isEmpty()) {
            return;
        }
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(name.endsWith("/") ? 0 : object.sizeBytes());
        entry.setLastModifiedTime(FileTime.from(object.modified() == null ? Instant.EPOCH : object.modified()));
        tar.putArchiveEntry(entry);
        if (entry.getSize() > 0) {
            new ObjectStream(store, object.key()).copy(new ByteRange(0, object.sizeBytes() - 1), tar);
        }
        tar.closeArchiveEntry();
    }
}
