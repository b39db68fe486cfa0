package io.tiphys.executor.emissary;

import java.time.Instant;

/**
 * A file as emissary describes it.
 *
 * @param mode type and permission bits as {@code stat(2)} gives them
 * @param changed when content or attributes were changed last, nanoseconds since 1970; nobody can set it back, unlike {@code modified}
 * @param name within its directory, as {@link io.tiphys.executor.names.FileNames} have it; empty for the answer about one path
 * @param link target of a symbolic link, otherwise empty
 */
public record FileEntry(
        int mode,
        long sizeBytes,
        Instant modified,
        long changed,
        long inode,
        int uid,
        int gid,
        String name,
        String link) {
    private static final int TYPE = 0170000;
    private static final int DIRECTORY = 0040000;
    private static final int REGULAR = 0100000;
    private static final int LINK = 0120000;
    private static final int FIFO = 0010000;
    private static final int SOCKET = 0140000;

    public boolean isDirectory() {
        return (mode & TYPE) == DIRECTORY;
    }

    public boolean isRegular() {
        return (mode & TYPE) == REGULAR;
    }

    public boolean isLink() {
        return (mode & TYPE) == LINK;
    }

    /** What it is, in words. */
    public String kind() {
        return switch (mode & TYPE) {
            case DIRECTORY -> "a directory";
            case REGULAR -> "a file";
            case LINK -> "a symbolic link";
            case FIFO -> "a FIFO";
            case SOCKET -> "a socket";
            default -> "a device";
        };
    }

    public int permissions() {
        return mode & 07777;
    }

    /** Differs when it is another file or another content. */
    public String version() {
        return sizeBytes + "-" + changed + "-" + inode;
    }
}
