package io.tiphys.cli;

import io.tiphys.cli.ArgoServer.Download;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A file of the server's into a file here. What has come is kept beside the target, with the ETag it belongs to, until the file is whole:
 * after a break it goes on there, in this run and in later ones, unless the server's file has become another one.
 */
final class ResumedDownload {
    private static final int BUFFER = 256 * 1024;
    private static final int BREAKS = 4;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

    private final ArgoServer server;
    private final String path;
    private final Path file;
    private final Path part;
    private final Path partsTag;
    private final ProgressLine progress;

    ResumedDownload(ArgoServer server, String path, Path file, ProgressLine progress) {
        this.server = server;
        this.path = path;
        this.file = file;
        this.part = file.resolveSibling("." + file.getFileName() + ".tiphys-part");
        this.partsTag = file.resolveSibling("." + file.getFileName() + ".tiphys-etag");
        this.progress = progress;
    }

    /** Why reading failed: worth another try from where it was. */
    private static final class BrokenOffException extends IOException {
        BrokenOffException(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /**
     * Fetches the file; it appears under its name when it is whole.
     *
     * @throws IOException if it can't be written here
     * @throws CommandFailure if the server refuses it, or breaks off again and again
     */
    void run() throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        Duration pause = FIRST_PAUSE;
        for (int breaks = 0; ; ) {
            long before = size();
            try {
                once();
                break;
            } catch (BrokenOffException e) {
                breaks = size() > before ? 1 : breaks + 1;
                if (breaks > BREAKS) {
                    throw CommandFailure.notReachable(path + " broke off at byte " + size() + ": " + e.getMessage()
                            + "; what has come is kept, the same command goes on with it");
                }
                pause = breaks == 1 ? FIRST_PAUSE : pause.multipliedBy(2);
                pause(pause);
            }
        }
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        Files.deleteIfExists(partsTag);
        progress.done();
    }

    private void once() throws IOException {
        try (Download download = server.download(path, size(), tag())) {
            if (download.etag() == null) {
                Files.deleteIfExists(partsTag);
            } else {
                Files.writeString(partsTag, download.etag());
            }
            StandardOpenOption where =
                    download.from() > 0 ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING;
            try (OutputStream out =
                    Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, where)) {
                copy(download, out);
            }
        }
    }

    private void copy(Download download, OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long at = download.from();
        progress.at(at, download.sizeBytes());
        for (int read = read(download.content(), buffer); read >= 0; read = read(download.content(), buffer)) {
            out.write(buffer, 0, read);
            at += read;
            progress.at(at, download.sizeBytes());
        }
        if (download.sizeBytes() >= 0 && at < download.sizeBytes()) {
            throw new BrokenOffException(new EOFException("ended before byte " + download.sizeBytes()));
        }
    }

    private static int read(InputStream content, byte[] buffer) throws BrokenOffException {
        try {
            return content.read(buffer);
        } catch (IOException e) {
            throw new BrokenOffException(e);
        }
    }

    private long size() throws IOException {
        try {
            return Files.size(part);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    private @Nullable String tag() throws IOException {
        try {
            return Files.readString(partsTag);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static void pause(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandFailure.notReachable("interrupted");
        }
    }
}
