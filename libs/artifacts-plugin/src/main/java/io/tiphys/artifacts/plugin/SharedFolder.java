package io.tiphys.artifacts.plugin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Files on their way to a driver or from it. Service and driver must be the same user or have a group in common that the folder above belongs
 * to, as an {@code fsGroup} makes it.
 */
final class SharedFolder {
    private final Path folder;
    private boolean swept;

    SharedFolder(Path folder) {
        this.folder = folder;
    }

    /** A path that nobody has used; there is no file yet. */
    Path newPath() throws IOException {
        prepare();
        return folder.resolve(UUID.randomUUID().toString());
    }

    /** Whatever lies there; a directory that somebody put there stays. */
    static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            System.getLogger(SharedFolder.class.getName())
                    .log(System.Logger.Level.WARNING, "{0} could not be removed: {1}", file, e.getMessage());
        }
    }

    private synchronized void prepare() throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwx---"));
        }
        if (!swept) {
            sweep();
            swept = true;
        }
    }

    /** What a process left behind that ended in the middle; no transfer takes a day. */
    private void sweep() throws IOException {
        Instant oldest = Instant.now().minus(1, ChronoUnit.DAYS);
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all = files.toList();
            for (Path file : all) {
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                        && Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS)
                                .toInstant()
                                .isBefore(oldest)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
