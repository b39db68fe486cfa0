package io.tiphys.uploader.stream;

import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoreException.Kind;
import io.tiphys.transfer.Crc64;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Objects of which the store doesn't tell the size, or that it can't read from the middle (a Git repository, many a web server): read once onto
 * disk, served from there, and forgotten when nobody has asked for them for a while. Pods of one workflow that read the same location get the
 * same bytes.
 */
public final class Spool implements AutoCloseable {
    private static final Duration KEPT_IDLE = Duration.ofMinutes(15);
    private static final int BUFFER = 64 * 1024;

    /** What was read: its file, size and CRC64 (unsigned decimal). */
    public record Spooled(Path file, long sizeBytes, String crc64) {}

    /** Whose object it is, and where it lies. */
    public record Name(String workflowUid, String namespace, Map<String, Object> location, String key) {}

    /** Opens the object. */
    public interface Source {
        InputStream open() throws StoreException;
    }

    private static final class Entry {
        private @Nullable Spooled spooled;
        private Instant usedAt;

        Entry(Instant usedAt) {
            this.usedAt = usedAt;
        }
    }

    private final Path dir;
    private final long maxBytes;
    private final InstantSource clock;
    private final Map<Name, Entry> entries = new ConcurrentHashMap<>();

    /**
     * A spool.
     *
     * @param dir its own; what an earlier run left in it is removed
     * @param maxBytes of one object
     */
    public Spool(Path dir, long maxBytes, InstantSource clock) throws IOException {
        this.dir = Files.createDirectories(dir);
        this.maxBytes = maxBytes;
        this.clock = clock;
        try (var left = Files.newDirectoryStream(dir, "*.spool")) {
            for (var file : left) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** The object on disk; it is read now, if it wasn't yet. Callers that ask for the same one meanwhile wait. */
    public Spooled hold(Name name, Source source) throws StoreException {
        var entry = entries.computeIfAbsent(name, _ -> new Entry(clock.instant()));
        synchronized (entry) {
            entry.usedAt = clock.instant();
            var known = entry.spooled;
            if (known != null && Files.exists(known.file())) {
                return known;
            }
            var spooled = read(source);
            entry.spooled = spooled;
            entry.usedAt = clock.instant();
            return spooled;
        }
    }

    /** The object, if it lies here. */
    public Optional<Spooled> find(Name name) {
        var entry = entries.get(name);
        if (entry == null) {
            return Optional.empty();
        }
        synchronized (entry) {
            entry.usedAt = clock.instant();
            return Optional.ofNullable(entry.spooled).filter(spooled -> Files.exists(spooled.file()));
        }
    }

    private Spooled read(Source source) throws StoreException {
        Path file = null;
        try (var in = source.open()) {
            file = Files.createTempFile(dir, "", ".spool");
            var crc = new Crc64();
            long size = 0;
            var buffer = new byte[BUFFER];
            try (var out = Files.newOutputStream(file)) {
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    size += n;
                    if (size > maxBytes) {
                        throw new StoreException(
                                Kind.REFUSED,
                                "the object has more than " + maxBytes
                                        + " bytes, and its store tells no size: TIPHYS_TRANSFER_SPOOL_MAX_BYTES limits such ones");
                    }
                    crc.update(buffer, 0, n);
                    out.write(buffer, 0, n);
                }
            }
            return new Spooled(file, size, crc.toDecimal());
        } catch (StoreException e) {
            delete(file);
            throw e;
        } catch (IOException e) {
            delete(file);
            throw new StoreException(Kind.UNAVAILABLE, "the object broke off while it was read: " + e.getMessage(), e);
        }
    }

    /** Removes what nobody has asked for; returns how many. */
    public int sweep() {
        int gone = 0;
        var oldest = clock.instant().minus(KEPT_IDLE);
        for (var name : List.copyOf(entries.keySet())) {
            var entry = entries.get(name);
            if (entry != null) {
                synchronized (entry) {
                    if (entry.usedAt.isBefore(oldest)) {
                        entries.remove(name);
                        delete(entry.spooled == null ? null : entry.spooled.file());
                        gone++;
                    }
                }
            }
        }
        return gone;
    }

    private static void delete(@Nullable Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            System.getLogger(Spool.class.getName())
                    .log(System.Logger.Level.WARNING, "{0} could not be removed: {1}", file, e.getMessage());
        }
    }

    @Override
    public void close() {
        entries.values().forEach(entry -> delete(entry.spooled == null ? null : entry.spooled.file()));
        entries.clear();
    }
}
