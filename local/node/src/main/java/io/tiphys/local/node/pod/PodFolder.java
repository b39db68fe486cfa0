package io.tiphys.local.node.pod;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/** A pod's files on this machine: {@code logs/} stays until the pod is deleted, all else until it has ended. */
public record PodFolder(Path root) {
    public static PodFolder of(Path pods, String uid) {
        return new PodFolder(pods.resolve(uid));
    }

    public Path logs(String container) {
        return root.resolve("logs").resolve(container);
    }

    /** The log of a container's n-th start, counted from 0. */
    public Path log(String container, int attempt) {
        return logs(container).resolve(attempt + ".log");
    }

    Path volumes() {
        return root.resolve("volumes");
    }

    Path scratch(String container, int attempt) {
        return root.resolve("containers").resolve(container + "-" + attempt);
    }

    /** Without what a start that the node didn't survive has left: the kernel takes no such overlay again. */
    Path freshScratch(String container, int attempt) throws IOException {
        Path scratch = scratch(container, attempt);
        delete(scratch);
        return scratch;
    }

    void create() throws IOException {
        Files.createDirectories(volumes());
    }

    /** A folder that everybody may write to. */
    static Path open(Path folder, String permissions) throws IOException {
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(permissions));
        return folder;
    }

    /** Frees the disk space of a pod that has ended. */
    void keepLogsOnly() throws IOException {
        delete(root.resolve("containers"));
        delete(root.resolve("volumes"));
    }

    public void delete() throws IOException {
        delete(root);
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                if (!Files.isReadable(directory) || !Files.isWritable(directory) || !Files.isExecutable(directory)) {
                    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                // Overlay's own work folder has no permissions at all; without being root it opens only now.
                if (Files.isDirectory(file, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
                    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
                    delete(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, java.io.IOException failure) throws IOException {
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
