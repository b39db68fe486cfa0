package io.tiphys.executor.stage;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is done to staged files as a whole. */
final class FileTrees {
    private FileTrees() {}

    static Set<PosixFilePermission> permissions(int mode) {
        var permissions = EnumSet.noneOf(PosixFilePermission.class);
        var all = PosixFilePermission.values(); // OWNER_READ first, OTHERS_EXECUTE last: as the bits from 0400 down
        for (int n = 0; n < all.length; n++) {
            if ((mode & (0400 >> n)) != 0) {
                permissions.add(all[n]);
            }
        }
        return permissions;
    }

    /** Gives the permissions to a file, or to everything in a tree but its links. */
    static void setMode(Path target, int mode, boolean recursively) throws IOException {
        var permissions = permissions(mode);
        if (!recursively) {
            Files.setPosixFilePermissions(target, permissions);
            return;
        }
        Files.walkFileTree(target, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!attributes.isSymbolicLink()) {
                    Files.setPosixFilePermissions(file, permissions);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.setPosixFilePermissions(directory, permissions); // afterwards: it might forbid to look inside
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Deletes a tree, also one with directories that may not be written to. */
    static void delete(Path tree) throws IOException {
        if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                // others' directories on a shared volume may be writable, though their modes aren't ours to change
                if (!Files.isWritable(directory)) {
                    Files.setPosixFilePermissions(directory, permissions(0700));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
