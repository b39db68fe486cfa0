package io.tiphys.executor.stage;

import io.tiphys.executor.Log;
import io.tiphys.executor.http.PermanentException;
import io.tiphys.executor.names.FileNames;
import io.tiphys.executor.names.RawNames;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarUtils;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * Unpacks an archive that nobody vouches for. Nothing is written outside the target: names are resolved without {@code ..}, symbolic links
 * are made last, so no entry is ever written through one; hard links lead to files of the same archive only; devices are left out; set-uid
 * bits are dropped; owners are not taken over. What an archive may become has {@link UnpackLimits}. Names may have any bytes.
 */
final class Unpacker {
    private static final int OWNER = 0700;
    private static final int MODE = 0777;
    private static final int TAR_BLOCK = 512;

    private final Path root;
    private final RawNames names;
    private final UnpackLimits limits;
    private final LongSupplier packedBytes;
    private final Map<Path, String> links = new LinkedHashMap<>();
    private final Map<Path, Integer> directoryModes = new LinkedHashMap<>();
    private final byte[] block = new byte[SparseWriter.BLOCK_BYTES];
    private Path madeLast;
    private long entries;
    private long contentBytes;

    private Unpacker(Path root, RawNames names, UnpackLimits limits, LongSupplier packedBytes) {
        this.root = root;
        this.names = names;
        this.limits = limits;
        this.packedBytes = packedBytes;
        this.madeLast = root;
    }

    /**
     * Unpacks a tar, gzipped or not, so that its content appears at {@code target}: a single member takes the target's name (as Argo does),
     * several become members of the directory {@code target}.
     */
    static void untar(InputStream in, Path target, Path program, UnpackLimits limits) throws IOException {
        var counted = new Counted(in);
        var buffered = new BufferedInputStream(counted, 64 * 1024);
        buffered.mark(2);
        boolean gzipped = buffered.read() == 0x1f && buffered.read() == 0x8b;
        buffered.reset();
        var plain = gzipped ? new BufferedInputStream(new GZIPInputStream(buffered, 64 * 1024), 64 * 1024) : buffered;
        expectTar(plain);
        into(target, program, limits, () -> counted.count, unpacker -> {
            try (var tar = new TarArchiveInputStream(plain, FileNames.CHARSET)) {
                for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
                    unpacker.add(entry, tar);
                }
            }
        });
    }

    /** The library takes anything that is too short for an empty archive. */
    private static void expectTar(InputStream in) throws IOException {
        in.mark(TAR_BLOCK);
        var block = in.readNBytes(TAR_BLOCK);
        in.reset();
        boolean empty = Arrays.equals(block, new byte[TAR_BLOCK]);
        if (block.length < TAR_BLOCK || !(empty || TarUtils.verifyCheckSum(block))) {
            throw new IOException("it is neither a tar nor a gzipped one");
        }
    }

    /** As {@link #untar} for a zip file. */
    static void unzip(Path archive, Path target, Path program, UnpackLimits limits) throws IOException {
        long size = Files.size(archive);
        into(target, program, limits, () -> size, unpacker -> {
            try (var zip = ZipFile.builder().setPath(archive).get()) {
                for (var entries = zip.getEntriesInPhysicalOrder(); entries.hasMoreElements(); ) {
                    unpacker.add(zip, entries.nextElement());
                }
            }
        });
    }

    private static final class Counted extends FilterInputStream {
        private long count;

        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            count += b < 0 ? 0 : 1;
            return b;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int n = super.read(bytes, offset, length);
            count += Math.max(n, 0);
            return n;
        }

        @Override
        public void close() {
            // whoever opened it reads what follows the archive
        }
    }

    private interface Filling {
        void fill(Unpacker unpacker) throws IOException;
    }

    private static void into(Path target, Path program, UnpackLimits limits, LongSupplier packedBytes, Filling filling)
            throws IOException {
        var directory = target.resolveSibling("." + target.getFileName() + ".unpacking");
        FileTrees.delete(directory);
        Files.createDirectories(directory);
        var unpacker = new Unpacker(directory, new RawNames(program), limits, packedBytes);
        filling.fill(unpacker);
        unpacker.finish();
        settle(directory, target);
    }

    private void add(TarArchiveEntry entry, InputStream content) throws IOException {
        var path = resolve(entry.getName());
        if (entry.isDirectory()) {
            makeDirectory(path, entry.getMode());
        } else if (entry.isSymbolicLink()) {
            addLink(path, entry.getLinkName());
        } else if (entry.isLink()) {
            addHardLink(path, entry.getName(), entry.getLinkName());
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
            addLink(path, zip.getUnixSymlink(entry));
        } else {
            try (var content = zip.getInputStream(entry)) {
                write(path, content, mode == 0 ? 0644 : mode);
            }
        }
    }

    private Path resolve(String name) throws IOException {
        if (++entries > limits.entries()) {
            throw new PermanentException("the archive has more than " + limits.entries() + " members");
        }
        if (name.indexOf('\0') >= 0) {
            throw new PermanentException("an archive member's name contains a zero byte");
        }
        if (name.length() > limits.pathBytes() || FileNames.encode(name).length > limits.pathBytes()) {
            throw new PermanentException("an archive member's path is longer than " + limits.pathBytes()
                    + " bytes; it begins with \"" + name.substring(0, Math.min(100, name.length())) + "\"");
        }
        var path = root;
        int depth = 0;
        for (var member : name.split("/", -1)) {
            switch (member) {
                case "", "." -> {
                    // stays where it is
                }
                case ".." -> {
                    if (path.equals(root)) {
                        throw new PermanentException("archive member \"" + name + "\" leads out of the archive");
                    }
                    path = path.resolveSibling("");
                    depth--;
                }
                default -> {
                    path = names.member(path, member);
                    depth++;
                }
            }
        }
        if (depth > limits.depth()) {
            throw new PermanentException("an archive member lies more than " + limits.depth()
                    + " directories deep; its path begins with \"" + name.substring(0, Math.min(100, name.length()))
                    + "\"");
        }
        return path;
    }

    private void makeParents(Path path) throws IOException {
        var parent = path.getParent();
        if (parent == null || path.equals(root) || (parent.equals(madeLast) && links.isEmpty())) {
            return;
        }
        if (!links.isEmpty()) {
            for (var above = parent; above != null && !above.equals(root); above = above.getParent()) {
                if (links.containsKey(above)) {
                    throw new PermanentException("archive member \"" + root.relativize(path)
                            + "\" lies behind the link \"" + root.relativize(above) + "\"");
                }
            }
        }
        Files.createDirectories(parent);
        madeLast = parent;
    }

    private void makeDirectory(Path path, int mode) throws IOException {
        makeParents(path);
        if (path.equals(root)) {
            return;
        }
        links.remove(path);
        Files.createDirectories(path);
        madeLast = path;
        Files.setPosixFilePermissions(path, FileTrees.permissions(mode | OWNER));
        if ((mode & OWNER) != OWNER) {
            directoryModes.put(path, mode & MODE); // later: it might forbid writing now
            checkKept();
        } else {
            directoryModes.remove(path);
        }
    }

    private void addLink(Path path, String target) throws IOException {
        if (path.equals(root)) {
            throw new PermanentException("an archive member has no name");
        }
        links.put(path, target);
        checkKept();
    }

    private void checkKept() throws PermanentException {
        if (links.size() + directoryModes.size() > limits.links()) {
            throw new PermanentException("the archive has more than " + limits.links() + " symbolic links");
        }
    }

    private void addHardLink(Path path, String name, String target) throws IOException {
        var existing = resolve(target);
        if (!Files.isRegularFile(existing, LinkOption.NOFOLLOW_LINKS) || links.containsKey(existing)) {
            throw new PermanentException(
                    "hard link " + name + " leads to " + target + ", which is no file of the archive");
        }
        makeParents(path);
        if (!path.equals(existing)) {
            Files.deleteIfExists(path);
            links.remove(path);
            Files.createLink(path, existing);
        }
    }

    private void write(Path path, InputStream content, int mode) throws IOException {
        if (path.equals(root)) {
            throw new PermanentException("an archive member has no name");
        }
        makeParents(path);
        links.remove(path);
        try (var channel = create(path)) {
            var writer = new SparseWriter(channel);
            long size = 0;
            for (int n; (n = content.readNBytes(block, 0, block.length)) > 0; size += n) {
                contentBytes += writer.write(block, n, size);
                if (contentBytes > limits.freeBytes() && contentBytes > limits.contentBytes(packedBytes.getAsLong())) {
                    throw new PermanentException("the archive becomes more than " + limits.ratio()
                            + " times as large as it is (" + contentBytes + " bytes from "
                            + packedBytes.getAsLong() + " so far); if that is right, set TIPHYS_UNPACK_RATIO");
                }
            }
            writer.end(size);
        }
        Files.setPosixFilePermissions(path, FileTrees.permissions(mode));
    }

    /** A new file, also where another one was: it may be linked with others. */
    private static FileChannel create(Path path) throws IOException {
        var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            return FileChannel.open(path, options);
        } catch (FileAlreadyExistsException e) {
            Files.delete(path);
            return FileChannel.open(path, options);
        }
    }

    /** Links last, so that nothing was written through one; then directories' modes, which might have forbidden writing. */
    private void finish() throws IOException {
        for (var link : links.entrySet()) {
            var path = link.getKey();
            makeParents(path);
            try {
                Files.deleteIfExists(path);
            } catch (DirectoryNotEmptyException e) {
                throw new PermanentException(
                        "\"" + root.relativize(path) + "\" is a directory and a symbolic link in the archive", e);
            }
            if (FileNames.isPath(link.getValue())) {
                Files.createSymbolicLink(path, Path.of(link.getValue()));
            } else {
                names.link(path, link.getValue());
            }
        }
        for (var directory : directoryModes.entrySet()) {
            Files.setPosixFilePermissions(directory.getKey(), FileTrees.permissions(directory.getValue()));
        }
        names.settle();
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
        FileTrees.delete(target);
        if (only == null) {
            Files.move(directory, target);
        } else {
            Files.move(only, target);
            Files.delete(directory);
        }
    }
}
