package io.tiphys.executor.stage;

import io.tiphys.executor.Log;
import io.tiphys.executor.Pace;
import io.tiphys.executor.Parallel;
import io.tiphys.executor.http.ObjectClient;
import io.tiphys.executor.http.PermanentException;
import io.tiphys.executor.http.Retry;
import io.tiphys.executor.http.UploaderClient;
import io.tiphys.transfer.Archive;
import io.tiphys.transfer.Downloads.Download;
import io.tiphys.transfer.Downloads.ObjectToRead;
import io.tiphys.transfer.PodTask;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Stages the script and the input artifacts of a task, several at a time. Doing it again after a crash is fine. */
public final class InputStager {
    private static final int AT_A_TIME = 3;
    private static final int FILES_AT_A_TIME = 8;
    private static final int MOST_TRANSFERS = 16;

    /** What is damaged on the way arrives well the next time; what is damaged in the store never does. */
    private static final int FETCHES = 3;

    /** Where users' volumes are mounted in the executor. */
    private static final Path VOLUMES = Path.of("/mainctrfs");

    private static final int TAR_BLOCK = 512;

    private final UploaderClient uploader;
    private final ObjectClient objects;
    private final Retry retry;
    private final Path inputs;
    private final Path program;
    private final UnpackLimits limits;
    private final Pace pace = new Pace(MOST_TRANSFERS);

    /**
     * A stager whose script goes below {@code inputs}, the directory that stage paths lie in.
     *
     * @param program emissary, which names files that Java can't
     */
    public InputStager(UploaderClient uploader, ObjectClient objects, Retry retry, Path inputs, Path program) {
        this.uploader = uploader;
        this.objects = objects;
        this.retry = retry;
        this.inputs = inputs;
        this.program = program;
        this.limits = UnpackLimits.from(System.getenv());
    }

    /** Stages everything; failures carry a message for the user: which artifact, what went wrong. */
    public void stage(PodTask task) throws IOException {
        if (task.script() != null) {
            var script = inputs.resolve(".script");
            Files.createDirectories(inputs);
            Files.writeString(script, task.script());
            Files.setPosixFilePermissions(script, FileTrees.permissions(0755));
        }
        Parallel.map(task.inputs(), AT_A_TIME, input -> {
            try {
                stage(input);
                return input;
            } catch (IOException e) {
                throw new PermanentException(
                        "failed to stage input artifact \"" + input.name() + "\" (" + input.path() + "): " + reason(e),
                        e);
            }
        });
    }

    private static String reason(IOException e) {
        return switch (e) {
            case FileAlreadyExistsException exists -> exists.getFile() + ": there is another file already";
            case AccessDeniedException denied -> denied.getFile() + ": permission denied";
            case NoSuchFileException missing -> missing.getFile() + ": no such file or directory";
            default -> String.valueOf(e.getMessage());
        };
    }

    private void stage(PodTask.Input input) throws IOException {
        var target = Path.of(input.stagePath());
        makeParent(target);
        if (input.raw() != null) {
            FileTrees.delete(target);
            Files.writeString(target, input.raw());
        } else if (!fetchWell(input, target)) {
            return;
        }
        if (input.mode() != null) {
            FileTrees.setMode(target, input.mode(), input.recurseMode());
        }
    }

    /** A user's volume may have links that lead out of it, to what is ours in this container. */
    private static void makeParent(Path target) throws IOException {
        var parent = Objects.requireNonNull(target.getParent(), "stagePath");
        if (parent.startsWith(VOLUMES)) {
            var there = parent;
            while (!Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
                there = there.resolveSibling("");
            }
            if (!there.toRealPath().startsWith(VOLUMES)) {
                throw new PermanentException(
                        "a link in the volume leads out of it: " + there + " to " + there.toRealPath());
            }
        }
        Files.createDirectories(parent);
    }

    private boolean fetchWell(PodTask.Input input, Path target) throws IOException {
        for (int n = 1; ; n++) {
            try {
                return fetch(input, target);
            } catch (DamagedException e) {
                if (n == FETCHES) {
                    throw new PermanentException(e.getMessage() + " (fetched " + n + " times)", e);
                }
                Log.warn(e.getMessage() + "; fetching it again");
            }
        }
    }

    private boolean fetch(PodTask.Input input, Path target) throws IOException {
        var urls = new ObjectUrls(uploader, input.name());
        var download = urls.ask();
        if (download.objects().isEmpty()) {
            if (input.optional()) {
                Log.info("optional input artifact " + input.name() + " is not there");
                return false;
            }
            throw new PermanentException("there is no object under its key");
        }
        if (download.objects().size() > 1
                || !download.objects().getFirst().relativePath().isEmpty()) {
            fetchDirectory(download, urls, target);
            return true;
        }
        var object = download.objects().getFirst();
        switch (packing(input, object, urls)) {
            case TAR -> {
                try (var in = new ObjectStream(objects, retry, urls, input.name(), object)) {
                    untar(in, target);
                    in.verify(); // what follows the tar's end counts, too
                }
            }
            case ZIP -> {
                var zip = target.resolveSibling("." + target.getFileName() + ".zip");
                try {
                    download(urls).to(zip, input.name(), object);
                    Unpacker.unzip(zip, target, program, limits);
                } finally {
                    Files.deleteIfExists(zip);
                }
            }
            case NONE -> {
                FileTrees.delete(target);
                download(urls).to(target, input.name(), object);
            }
        }
        Log.info("staged input artifact " + input.name() + ", " + object.sizeBytes() + " bytes");
        return true;
    }

    private FileDownload download(ObjectUrls urls) {
        return new FileDownload(objects, retry, pace, urls);
    }

    /** Damage shows as nonsense in the archive first; only the whole's checksum tells the one from the other. */
    private void untar(ObjectStream in, Path target) throws IOException {
        try {
            Unpacker.untar(in, target, program, limits);
        } catch (FileSystemException | PermanentException | InterruptedIOException | DamagedException e) {
            throw e;
        } catch (IOException e) {
            in.verify();
            throw new PermanentException("it can't be unpacked as tar: " + e.getMessage(), e);
        }
    }

    private void fetchDirectory(Download download, ObjectUrls urls, Path target) throws IOException {
        FileTrees.delete(target);
        Files.createDirectories(target);
        Parallel.map(download.objects(), FILES_AT_A_TIME, object -> {
            var file = member(target, object.relativePath());
            if (object.relativePath().endsWith("/")) {
                Files.createDirectories(file);
            } else if (!file.equals(target)) {
                download(urls).to(file, object.relativePath(), object);
            }
            return file;
        });
        Log.info("staged input artifact " + download.artifact() + ", "
                + download.objects().size() + " objects");
    }

    private static Path member(Path target, String name) throws PermanentException {
        Path file;
        try {
            file = target.resolve(name).normalize();
        } catch (InvalidPathException e) {
            throw new PermanentException("object \"" + name + "\" has a name that no file can have", e);
        }
        if (!file.startsWith(target)) {
            throw new PermanentException("object \"" + name + "\" leads out of the artifact");
        }
        return file;
    }

    private Archive packing(PodTask.Input input, ObjectToRead object, ObjectUrls urls) throws IOException {
        var declared = input.archive();
        if (declared != null) {
            return declared;
        }
        if (object.sizeBytes() < 2) {
            return Archive.NONE;
        }
        var start = retry.run("download of " + input.name(), () -> {
            try (var in = urls.get(objects, object, 0, Math.min(object.sizeBytes(), 64 * 1024) - 1)) {
                return in.readNBytes(64 * 1024);
            }
        });
        return isGzippedTar(start) ? Archive.TAR : Archive.NONE;
    }

    /** Argo unpacks what is gzipped and a tar inside, and nothing else. */
    static boolean isGzippedTar(byte[] start) {
        if (start.length < 2 || (start[0] & 0xff) != 0x1f || (start[1] & 0xff) != 0x8b) {
            return false;
        }
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(start))) {
            var block = in.readNBytes(TAR_BLOCK);
            return block.length == TAR_BLOCK && TarArchiveInputStream.matches(block, TAR_BLOCK);
        } catch (IOException e) {
            return false;
        }
    }
}
