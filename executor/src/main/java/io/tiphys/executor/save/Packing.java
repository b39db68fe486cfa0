package io.tiphys.executor.save;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tiphys.executor.Log;
import io.tiphys.executor.emissary.Emissary;
import io.tiphys.executor.emissary.FileEntry;
import io.tiphys.executor.http.PermanentException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.attribute.FileTime;
import java.util.zip.Deflater;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.UnixStat;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Packs a file or a tree of main into a stream, reading through emissary. The same tree gives the same bytes each time (sorted, no time of
 * packing in it), which lets an interrupted upload go on. The top entry carries the path's last name, as Argo's archives do.
 *
 * @param level 0 to 9, -1 for the library's default
 */
record Packing(Emissary emissary, String path, FileEntry top, int level) {

    static Packing of(Emissary emissary, String path, FileEntry top, @Nullable Integer level) {
        return new Packing(emissary, path, top, level == null ? Deflater.DEFAULT_COMPRESSION : level);
    }

    void tar(OutputStream out) throws IOException {
        try (var gzip = new BlockGzip(open(out), level)) {
            tarTo(gzip);
        }
    }

    private void tarTo(OutputStream gzip) throws IOException {
        var tar = new TarArchiveOutputStream(gzip, "UTF-8");
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        tar.setAddPaxHeadersForNonAsciiNames(true);
        Tree.walk(emissary, baseName(), path, top, (name, entry, at) -> addToTar(tar, name, entry, at));
        tar.close();
    }

    private void addToTar(TarArchiveOutputStream tar, String name, FileEntry file, String at) throws IOException {
        TarArchiveEntry entry;
        if (file.isLink()) {
            entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
            entry.setLinkName(file.link());
        } else if (file.isDirectory()) {
            entry = new TarArchiveEntry(name + "/");
        } else if (file.isRegular()) {
            entry = new TarArchiveEntry(name);
            entry.setSize(file.sizeBytes());
        } else {
            Log.warn("left out " + at + ": neither file, directory nor link");
            return;
        }
        entry.setMode(file.permissions());
        entry.setIds(file.uid(), file.gid());
        entry.setModTime(FileTime.from(file.modified()));
        tar.putArchiveEntry(entry);
        if (file.isRegular()) {
            copy(at, file, tar);
        }
        tar.closeArchiveEntry();
    }

    void zip(OutputStream out) throws IOException {
        var zip = new ZipArchiveOutputStream(open(out));
        zip.setLevel(level);
        Tree.walk(emissary, baseName(), path, top, (name, entry, at) -> addToZip(zip, name, entry, at));
        zip.close();
    }

    private void addToZip(ZipArchiveOutputStream zip, String name, FileEntry file, String at) throws IOException {
        if (!file.isLink() && !file.isDirectory() && !file.isRegular()) {
            Log.warn("left out " + at + ": neither file, directory nor link");
            return;
        }
        var entry = new ZipArchiveEntry(file.isDirectory() ? name + "/" : name);
        entry.setTime(FileTime.from(file.modified()));
        entry.setUnixMode(
                (file.isLink() ? UnixStat.LINK_FLAG : file.isDirectory() ? UnixStat.DIR_FLAG : UnixStat.FILE_FLAG)
                        | file.permissions());
        if (file.isRegular()) {
            entry.setSize(file.sizeBytes()); // so that it becomes a zip64 entry when it must
        }
        zip.putArchiveEntry(entry);
        if (file.isRegular()) {
            copy(at, file, zip);
        } else if (file.isLink()) {
            zip.write(file.link().getBytes(UTF_8));
        }
        zip.closeArchiveEntry();
    }

    private void copy(String at, FileEntry file, OutputStream out) throws IOException {
        try (InputStream in = emissary.read(at, 0, file.sizeBytes())) {
            if (in.transferTo(out) != file.sizeBytes()) {
                throw new PermanentException(at + " became shorter while it was being saved");
            }
        }
    }

    private String baseName() {
        var trimmed = path.replaceFirst("/+$", "");
        return trimmed.isEmpty() ? "root" : trimmed.substring(trimmed.lastIndexOf('/') + 1);
    }

    /** The target is closed by whoever made it, after it was told whether all went well. */
    private static OutputStream open(OutputStream out) {
        return new FilterOutputStream(out) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
            }

            @Override
            public void close() throws IOException {
                flush();
            }
        };
    }
}
