package io.tiphys.executor.emissary;

import java.time.Instant;

/**
 * A file as emissary describes it.
 *
 * @param mode type and permission bits as {@code stat(2)} gives them
 * @param name within its directory; empty for the answer about one path
 * @param link target of a symbolic link, otherwise empty
 */
public record FileEntry(int mode, long sizeBytes, Instant modified, int uid, int gid, String name, String link) {
    private static final int TYPE = 0170000;
    private static final int DIRECTORY = 0040000;
    private static final int REGULAR = 0100000;
    private static final int LINK = 0120000;

    public boolean isDirectory() {
        return (mode & TYPE) == DIRECTORY;
    }

    public boolean isRegular() {
        return (mode & TYPE) == REGULAR;
    }

    public boolean isLink() {
        return (mode & TYPE) == LINK;
    }

    public int permissions() {
        return mode & 07777;
    }
}
