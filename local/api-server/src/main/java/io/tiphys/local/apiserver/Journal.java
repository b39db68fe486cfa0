package io.tiphys.local.apiserver;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The objects on disk: {@code snapshot-N} holds everything before {@code journal-N}, which holds one line per later write.
 * A line is complete or it is not there: a torn last line of a killed process is dropped. Writes reach the operating
 * system before they are answered, so {@code kill -9} loses nothing; a power failure may lose the last seconds.
 */
final class Journal implements AutoCloseable {
    private static final Pattern FILE = Pattern.compile("(snapshot|journal)-(\\d{9})");
    private static final long MIN_BYTES_BEFORE_SNAPSHOT = 16L * 1024 * 1024;

    /** What a directory held: encoded objects by type (qualified plural) and key, and the last resource version given. */
    record Recovered(Map<String, Map<String, byte[]>> objects, long revision) {
        static Recovered nothing() {
            return new Recovered(new LinkedHashMap<>(), 0);
        }
    }

    private final @Nullable Path directory;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable FileChannel lockFile;
    private @Nullable FileChannel log;
    private int generation;
    private long bytesInLog;
    private long bytesInSnapshot;
    private long lastRevision;
    private boolean snapshotRunning;
    private Consumer<Consumer<StoredObject>> everything = consumer -> {};

    /** With null nothing is kept. */
    Journal(@Nullable Path directory) {
        this.directory = directory;
    }

    /** Reads what is there and opens the log for writing. */
    Recovered open() throws IOException {
        if (directory == null) {
            return Recovered.nothing();
        }
        Files.createDirectories(directory);
        lockDirectory(directory);
        Map<String, Map<String, byte[]>> objects = new LinkedHashMap<>();
        int snapshot = newest("snapshot");
        long revision = 0;
        if (snapshot > 0) {
            Path file = file("snapshot", snapshot);
            bytesInSnapshot = Files.size(file);
            revision = replay(file, objects);
        }
        generation = Math.max(1, Math.max(snapshot, newest("journal")));
        for (int number = Math.max(1, snapshot); number <= generation; number++) {
            if (Files.exists(file("journal", number))) {
                revision = Math.max(revision, replay(file("journal", number), objects));
            }
        }
        generation++;
        openLog();
        lastRevision = revision;
        return new Recovered(objects, revision);
    }

    private void lockDirectory(Path path) throws IOException {
        FileChannel channel =
                FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        lockFile = channel;
        try {
            if (channel.tryLock() != null) {
                return;
            }
        } catch (OverlappingFileLockException _) {
            // held by this very process; refused below like any other holder
        }
        channel.close();
        throw new IOException("another API server is using " + path);
    }

    /** Where snapshots take the objects from. */
    void snapshotsFrom(Consumer<Consumer<StoredObject>> source) {
        this.everything = source;
    }

    void put(StoredObject object) {
        if (directory != null) {
            append(object.resourceVersion(), line('+', object));
        }
    }

    void remove(StoredObject object) {
        if (directory != null) {
            append(object.resourceVersion(), line('-', object));
        }
    }

    private static byte[] line(char operation, StoredObject object) {
        String head = operation + "\t" + object.resourceVersion() + "\t"
                + object.type().qualifiedPlural() + "\t" + object.key() + "\t";
        ByteArrayOutputStream line = new ByteArrayOutputStream(head.length() + object.json().length + 1);
        line.writeBytes(head.getBytes(StandardCharsets.UTF_8));
        if (operation == '+') {
            line.writeBytes(object.json());
        }
        line.write('\n');
        return line.toByteArray();
    }

    private void append(long revision, byte[] line) {
        lock.lock();
        try {
            FileChannel channel = log;
            if (channel == null) {
                throw new ApiException(503, "ServiceUnavailable", "the API server is stopping");
            }
            try {
                ByteBuffer buffer = ByteBuffer.wrap(line);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            } catch (IOException e) {
                truncateQuietly(channel);
                throw new ApiException(
                        500,
                        "InternalError",
                        "cannot write to " + directory + ": " + e.getMessage() + "; is the disk full?");
            }
            bytesInLog += line.length;
            lastRevision = Math.max(lastRevision, revision);
            if (!snapshotRunning && bytesInLog > Math.max(MIN_BYTES_BEFORE_SNAPSHOT, 2 * bytesInSnapshot)) {
                snapshotRunning = true;
                Thread.ofVirtual().name("api-server-snapshot").start(this::snapshot);
            }
        } finally {
            lock.unlock();
        }
    }

    private void truncateQuietly(FileChannel channel) {
        try {
            channel.truncate(bytesInLog);
        } catch (IOException _) {
            // the torn line is dropped at the next start
        }
    }

    /** Starts a new log and writes all objects beside it; later writes that slip in are replayed over it, harmlessly. */
    private void snapshot() {
        try {
            int number;
            long revision;
            lock.lock();
            try {
                FileChannel old = log;
                if (old == null) {
                    return;
                }
                generation++;
                number = generation;
                revision = lastRevision;
                openLog();
                old.close();
            } finally {
                lock.unlock();
            }
            Path target = file("snapshot", number);
            Path unfinished = target.resolveSibling(target.getFileName() + ".tmp");
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(unfinished), 1 << 16)) {
                out.write(("#\t" + revision + "\t\t\t\n").getBytes(StandardCharsets.UTF_8));
                everything.accept(object -> write(out, line('+', object)));
            }
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            bytesInSnapshot = Files.size(target);
            deleteBefore(number);
        } catch (IOException | UncheckedIOException e) {
            System.getLogger(Journal.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "no snapshot of the API server's objects; the log keeps growing",
                            e);
        } finally {
            lock.lock();
            try {
                snapshotRunning = false;
            } finally {
                lock.unlock();
            }
        }
    }

    private static void write(OutputStream out, byte[] bytes) {
        try {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void openLog() throws IOException {
        log = FileChannel.open(
                file("journal", generation),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND,
                StandardOpenOption.WRITE);
        bytesInLog = 0;
    }

    private static long replay(Path file, Map<String, Map<String, byte[]>> objects) throws IOException {
        long revision = 0;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            for (byte @Nullable [] line = readLine(in); line != null; line = readLine(in)) {
                revision = Math.max(revision, replayLine(line, objects));
            }
        }
        return revision;
    }

    private static long replayLine(byte[] line, Map<String, Map<String, byte[]>> objects) {
        int[] tabs = new int[4];
        int found = 0;
        for (int at = 0; at < line.length && found < 4; at++) {
            if (line[at] == '\t') {
                tabs[found++] = at;
            }
        }
        if (found < 4) {
            return 0;
        }
        long revision = Long.parseLong(text(line, tabs[0] + 1, tabs[1]));
        String type = text(line, tabs[1] + 1, tabs[2]);
        String key = text(line, tabs[2] + 1, tabs[3]);
        if (line[0] == '+') {
            byte[] json = Arrays.copyOfRange(line, tabs[3] + 1, line.length);
            objects.computeIfAbsent(type, _ -> new LinkedHashMap<>()).put(key, json);
        } else if (line[0] == '-') {
            objects.computeIfAbsent(type, _ -> new LinkedHashMap<>()).remove(key);
        }
        return revision;
    }

    private static String text(byte[] line, int from, int to) {
        return new String(line, from, to - from, StandardCharsets.UTF_8);
    }

    /** The next complete line without its end; null at the end of the file or before a torn line. */
    private static byte @Nullable [] readLine(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (next == '\n') {
                return line.toByteArray();
            }
            line.write(next);
        }
        return null;
    }

    private Path file(String kind, int number) {
        return Path.of(String.valueOf(directory), "%s-%09d".formatted(kind, number));
    }

    private int newest(String kind) throws IOException {
        int newest = 0;
        for (Path path : files()) {
            Matcher name = FILE.matcher(path.getFileName().toString());
            if (name.matches() && name.group(1).equals(kind)) {
                newest = Math.max(newest, Integer.parseInt(name.group(2)));
            }
        }
        return newest;
    }

    private void deleteBefore(int number) throws IOException {
        for (Path path : files()) {
            Matcher name = FILE.matcher(path.getFileName().toString());
            if (name.matches() && Integer.parseInt(name.group(2)) < number) {
                Files.deleteIfExists(path);
            }
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> paths = Files.list(Path.of(String.valueOf(directory)))) {
            return new ArrayList<>(paths.toList());
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closeIfOpen(log);
            log = null;
            closeIfOpen(lockFile);
            lockFile = null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }

    private static void closeIfOpen(@Nullable FileChannel channel) throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
