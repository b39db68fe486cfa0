package io.tiphys.local.node.container;

import java.nio.file.Path;

/**
 * A file or folder of the host inside a container.
 *
 * @param source real path on the host
 * @param target absolute path in the container
 * @param file whether it is a file, so that a missing target is made as one
 * @param optional whether the container may start without it
 * @param copied whether the container gets a copy of the file, to change as it likes
 */
public record Mount(Path source, String target, boolean file, boolean readOnly, boolean optional, boolean copied) {
    /** One that isn't copied. */
    public Mount(Path source, String target, boolean file, boolean readOnly, boolean optional) {
        this(source, target, file, readOnly, optional, false);
    }

    public static Mount folder(Path source, String target) {
        return new Mount(source, target, false, false, false);
    }

    public static Mount file(Path source, String target) {
        return new Mount(source, target, true, false, false);
    }

    public Mount asReadOnly() {
        return new Mount(source, target, file, true, optional, copied);
    }

    /** The file's content, to be the container's own. */
    public static Mount copy(Path source, String target) {
        return new Mount(source, target, true, false, false, true);
    }
}
