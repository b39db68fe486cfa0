package io.tiphys.executor.stage;

import io.tiphys.executor.Log;
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
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Stages the script and the input artifacts of a task, several at a time. Doing it again after a crash is fine. */
public final class InputStager {
    private static final int AT_A_TIME = 3;
    private static final int TAR_BLOCK = 512;

    private final UploaderClient uploader;
    private final ObjectClient objects;
    private final Retry retry;
    private final Path inputs;

    /** A stager whose script goes below {@code inputs}, the directory that stage paths lie in. */
    public InputStager(UploaderClient uploader, ObjectClient objects, Retry retry, Path inputs) {
        this.uploader = uploader;
        this.objects = objects;
        this.retry = retry;
        this.inputs = inputs;
    }

    /** Stages everything; failures carry a message for the user: which artifact, what went wrong. */
    public void stage(PodTask task) throws IOException {
        if (task.script() != null) {
            var script = inputs.resolve(".script");
            Files.createDirectories(inputs);
            Files.writeString(script, task.script());
            Files.setPosixFilePermissions(script, Unpacker.permissions(0755));
        }
        Parallel.map(task.inputs(), AT_A_TIME, input -> {
            try {
                stage(input);
                return input;
            } catch (IOException e) {
                throw new PermanentException(
                        "failed to stage input artifact \"" + input.name() + "\" (" + input.path() + "): "
                                + e.getMessage(),
                        e);
            }
        });
    }

    private void stage(PodTask.Input input) throws IOException {
        var target = Path.of(input.stagePath());
        Files.createDirectories(target.getParent());
        if (input.raw() != null) {
            Unpacker.delete(target);
            Files.writeString(target, input.raw());
        } else if (!fetch(input, target)) {
            return;
        }
        applyMode(input, target);
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
                    Unpacker.untar(in, target);
                    in.transferTo(
                            OutputStream.nullOutputStream()); // what follows the tar's end counts for the checksum
                }
            }
            case ZIP -> {
                var zip = target.resolveSibling("." + target.getFileName() + ".zip");
                new FileDownload(objects, retry, urls).to(zip, input.name(), object);
                Unpacker.unzip(zip, target);
                Files.delete(zip);
            }
            case NONE -> {
                Unpacker.delete(target);
                new FileDownload(objects, retry, urls).to(target, input.name(), object);
            }
        }
        Log.info("staged input artifact " + input.name() + ", " + object.sizeBytes() + " bytes");
        return true;
    }

    private void fetchDirectory(Download download, ObjectUrls urls, Path target) throws IOException {
        Unpacker.delete(target);
        Files.createDirectories(target);
        for (var object : download.objects()) {
            var file = target.resolve(object.relativePath()).normalize();
            if (!file.startsWith(target)) {
                throw new PermanentException("object \"" + object.relativePath() + "\" leads out of the artifact");
            }
            if (object.relativePath().endsWith("/")) {
                Files.createDirectories(file);
            } else if (!file.equals(target)) {
                new FileDownload(objects, retry, urls).to(file, object.relativePath(), object);
            }
        }
        Log.info("staged input artifact " + download.artifact() + ", "
                + download.objects().size() + " objects");
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

    private static void applyMode(PodTask.Input input, Path target) throws IOException {
        var mode = input.mode();
        if (mode == null) {
            return;
        }
        if (!input.recurseMode()) {
            Files.setPosixFilePermissions(target, Unpacker.permissions(mode));
            return;
        }
        try (var tree = Files.walk(target)) {
            for (var path : (Iterable<Path>) tree::iterator) {
                if (!Files.isSymbolicLink(path) && Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                    Files.setPosixFilePermissions(path, Unpacker.permissions(mode));
                }
            }
        }
    }
}
