package io.tiphys.executor.save;

import io.tiphys.executor.Log;
import io.tiphys.executor.emissary.Emissary;
import io.tiphys.executor.emissary.Emissary.ReadAhead;
import io.tiphys.executor.emissary.FileEntry;
import io.tiphys.executor.http.PermanentException;
import io.tiphys.executor.names.FileNames;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.attribute.FileTime;
import java.util.ArrayDeque;
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
    /** Directories, links and empty files need no reading, but memory. */
    private static final int MOST_WAITING = 256;

    static Packing of(Emissary emissary, String path, FileEntry top, @Nullable Integer level) {
        return new Packing(emissary, path, top, level == null ? Deflater.DEFAULT_COMPRESSION : level);
    }

    void tar(OutputStream out) throws IOException {
        try (var gzip = new BlockGzip(open(out), level)) {
            tarTo(gzip);
        }
    }

    private void tarTo(OutputStream gzip) throws IOException {
        var tar = new TarArchiveOutputStream(gzip, FileNames.CHARSET);
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU); // names as the bytes they are; POSIX's must be UTF-8
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        pack(new Sink() {
            @Override
            public boolean begin(Member member) throws IOException {
                var entry = tarEntry(member);
                if (entry == null) {
                    return false;
                }
                tar.putArchiveEntry(entry);
                return true;
            }

            @Override
            public void end(Member member) throws IOException {
                tar.closeArchiveEntry();
            }

            @Override
            public OutputStream content() {
                return tar;
            }
        });
        tar.close();
    }

    /** A member of the archive. */
    private record Member(String name, FileEntry file, String path) {}

    private interface Sink {
        /** Whether it goes into the archive. */
        boolean begin(Member member) throws IOException;

        OutputStream content();

        void end(Member member) throws IOException;
    }

    /** Walks ahead of what is being packed, so that emissary always has the next small files to read. */
    private void pack(Sink sink) throws IOException {
        var waiting = new ArrayDeque<Member>();
        try (var ahead = emissary.readAhead()) {
            Tree.walk(emissary, baseName(), path, top, (name, file, at) -> {
                while (!waiting.isEmpty() && (!ahead.hasRoom() || waiting.size() >= MOST_WAITING)) {
                    pack(waiting.remove(), ahead, sink);
                }
                if (file.isRegular()) {
                    ahead.ask(at, file);
                }
                waiting.add(new Member(name, file, at));
            });
            while (!waiting.isEmpty()) {
                pack(waiting.remove(), ahead, sink);
            }
        }
    }

    private static void pack(Member member, ReadAhead ahead, Sink sink) throws IOException {
        if (!sink.begin(member)) {
            return;
        }
        var file = member.file();
        if (file.isRegular()) {
            try (var in = ahead.next()) {
                if (in.transferTo(sink.content()) != file.sizeBytes()) {
                    throw new PermanentException(member.path() + " became shorter while it was being saved");
                }
            }
        }
        sink.end(member);
    }

    private static @Nullable TarArchiveEntry tarEntry(Member member) {
        var file = member.file();
        TarArchiveEntry entry;
        if (file.isLink()) {
            entry = new TarArchiveEntry(member.name(), TarConstants.LF_SYMLINK);
            entry.setLinkName(file.link());
        } else if (file.isDirectory()) {
            entry = new TarArchiveEntry(member.name() + "/");
        } else if (file.isRegular()) {
            entry = new TarArchiveEntry(member.name());
            entry.setSize(file.sizeBytes());
        } else {
            Log.warn("left out " + member.path() + ": " + file.kind());
            return null;
        }
        entry.setMode(file.permissions());
        entry.setIds(file.uid(), file.gid());
        entry.setUserName(""); // names would come before the ids, and ours are not the container's
        entry.setGroupName("");
        entry.setModTime(FileTime.from(file.modified()));
        return entry;
    }

    void zip(OutputStream out) throws IOException {
        var zip = new ZipArchiveOutputStream(open(out));
        zip.setLevel(level);
        pack(new Sink() {
            @Override
            public boolean begin(Member member) throws IOException {
                var entry = zipEntry(member);
                if (entry == null) {
                    return false;
                }
                zip.putArchiveEntry(entry);
                return true;
            }

            @Override
            public void end(Member member) throws IOException {
                if (member.file().isLink()) {
                    zip.write(FileNames.encode(member.file().link()));
                }
                zip.closeArchiveEntry();
            }

            @Override
            public OutputStream content() {
                return zip;
            }
        });
        zip.close();
    }

    private static @Nullable ZipArchiveEntry zipEntry(Member member) throws IOException {
        var file = member.file();
        if (!file.isLink() && !file.isDirectory() && !file.isRegular()) {
            Log.warn("left out " + member.path() + ": " + file.kind());
            return null;
        }
        if (!FileNames.isText(member.name())) {
            throw new PermanentException(
                    member.path() + " has a name that isn't UTF-8, which a zip can't have; use archive: tar");
        }
        var entry = new ZipArchiveEntry(file.isDirectory() ? member.name() + "/" : member.name());
        entry.setTime(FileTime.from(file.modified()));
        entry.setUnixMode(
                (file.isLink() ? UnixStat.LINK_FLAG : file.isDirectory() ? UnixStat.DIR_FLAG : UnixStat.FILE_FLAG)
                        | file.permissions());
        if (file.isRegular()) {
            entry.setSize(file.sizeBytes()); // so that it becomes a zip64 entry when it must
        }
        return entry;
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
