package io.tiphys.executor.stage;

import io.tiphys.executor.Log;
import io.tiphys.executor.http.PermanentException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks an archive that nobody vouches for. Nothing is written outside the target: names are resolved without {@code ..}, symbolic links
 * are made last, so no entry is ever written through one; hard links lead to files of the same archive only; devices are left out; set-uid
 * bits are dropped; owners are not taken over.
 */
final class Unpacker {
    private final Path root;
    private final Map<Path, String> links = new LinkedHashMap<>();
    private final Map<Path, Integer> directoryModes = new LinkedHashMap<>();

    private Unpacker(Path root) {
        this.root = root;
    }

    /**
     * Unpacks a tar, gzipped or not, so that its content appears at {@code target}: a single member takes the target's name (as Argo does),
     * several become members of the directory {@code target}.
     */
    static void untar(InputStream in, Path target) throws IOException {
        var buffered = new BufferedInputStream(in, 64 * 1024);
        buffered.mark(2);
        boolean gzipped = buffered.read() == 0x1f && buffered.read() == 0x8b;
        buffered.reset();
        into(target, unpacker -> {
            try (var tar =
                    new TarArchiveInputStream(gzipped ? new GZIPInputStream(buffered, 64 * 1024) : buffered, "UTF-8")) {
                for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
                    unpacker.add(entry, tar);
                }
            }
        });
    }

    /** As {@link #untar} for a zip file. */
    static void unzip(Path archive, Path target) throws IOException {
        into(target, unpacker -> {
            try (var zip = ZipFile.builder().setPath(archive).get()) {
                for (var entries = zip.getEntriesInPhysicalOrder(); entries.hasMoreElements(); ) {
                    unpacker.add(zip, entries.nextElement());
                }
            }
        });
    }

    private interface Filling {
        void fill(Unpacker unpacker) throws IOException;
    }

    private static void into(Path target, Filling filling) throws IOException {
        var directory = target.resolveSibling("." + target.getFileName() + ".unpacking");
        delete(directory);
        Files.createDirectories(directory);
        var unpacker = new Unpacker(directory);
        filling.fill(unpacker);
        unpacker.finish();
        settle(directory, target);
    }

    private void add(TarArchiveEntry entry, InputStream content) throws IOException {
        var path = resolve(entry.getName());
        if (entry.isDirectory()) {
            makeDirectory(path, entry.getMode());
        } else if (entry.isSymbolicLink()) {
            links.put(path, entry.getLinkName());
        } else if (entry.isLink()) {
            var existing = resolve(entry.getLinkName());
            if (!Files.isRegularFile(existing, LinkOption.NOFOLLOW_LINKS)) {
                throw new PermanentException("hard link " + entry.getName() + " leads to " + entry.getLinkName()
                        + ", which is no file of the archive");
            }
            makeParents(path);
            Files.deleteIfExists(path);
            Files.createLink(path, existing);
        } else if (entry.isFile() && !entry.isCharacterDevice() && !entry.isBlockDevice() && !entry.isFIFO()) {
            write(path, content, entry.getMode());
        } else {
            Log.warn("left out " + entry.getName() + ": neither file, directory nor link");
        }
    }

    private void add(ZipFile zip, ZipArchiveEntry entry) throws IOException {
        var path = resolve(entry.getName());
        int mode = entry.getUnixMode();
        if (entry.isDirectory()) {
            makeDirectory(path, mode == 0 ? 0755 : mode);
        } else if (entry.isUnixSymlink()) {
            links.put(path, zip.getUnixSymlink(entry));
        } else {
            try (var content = zip.getInputStream(entry)) {
                write(path, content, mode == 0 ? 0644 : mode);
            }
        }
    }

    private Path resolve(String name) throws IOException {
        if (name.indexOf('\0') >= 0) {
            throw new PermanentException("an archive member's name contains a zero byte");
        }
        var relative = Path.of(name.replaceFirst("^/+", "")).normalize();
        if (relative.startsWith("..")) {
            throw new PermanentException("archive member \"" + name + "\" leads out of the archive");
        }
        return root.resolve(relative).normalize();
    }

    private void makeParents(Path path) throws IOException {
        var parent = path.getParent();
        if (parent == null || path.equals(root)) {
            return;
        }
        for (var above = parent; above != null && !above.equals(root); above = above.getParent()) {
            if (links.containsKey(above)) {
                throw new PermanentException("archive member \"" + root.relativize(path) + "\" lies behind the link \""
                        + root.relativize(above) + "\"");
            }
        }
        Files.createDirectories(parent);
    }

    private void makeDirectory(Path path, int mode) throws IOException {
        makeParents(path);
        Files.createDirectories(path);
        if (!path.equals(root)) {
            directoryModes.put(path, mode);
        }
    }

    private void write(Path path, InputStream content, int mode) throws IOException {
        if (path.equals(root)) {
            throw new PermanentException("an archive member has no name");
        }
        makeParents(path);
        links.remove(path);
        Files.copy(content, path, StandardCopyOption.REPLACE_EXISTING);
        Files.setPosixFilePermissions(path, permissions(mode));
    }

    /** Links last, so that nothing was written through one; then directories' modes, which might have forbidden writing. */
    private void finish() throws IOException {
        for (var link : links.entrySet()) {
            makeParents(link.getKey());
            Files.deleteIfExists(link.getKey());
            Files.createSymbolicLink(link.getKey(), Path.of(link.getValue()));
        }
        for (var directory : directoryModes.entrySet()) {
            Files.setPosixFilePermissions(directory.getKey(), permissions(directory.getValue()));
        }
    }

    private static void settle(Path directory, Path target) throws IOException {
        Path only = null;
        try (var members = Files.newDirectoryStream(directory)) {
            int count = 0;
            for (var member : members) {
                only = member;
                count++;
            }
            if (count != 1) {
                only = null;
            }
        }
        delete(target);
        if (only == null) {
            Files.move(directory, target);
        } else {
            Files.move(only, target);
            Files.delete(directory);
        }
    }

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

    static void delete(Path tree) throws IOException {
        if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
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
