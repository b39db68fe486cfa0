package io.tiphys.local.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The host's file systems besides its root: an overlay of the root doesn't show what is mounted on it, so containers get these extra. */
final class HostMounts {
    private static final Set<String> TYPES = Set.of(
            "ext2",
            "ext3",
            "ext4",
            "xfs",
            "btrfs",
            "zfs",
            "f2fs",
            "overlay",
            "virtiofs",
            "9p",
            "nfs",
            "nfs4",
            "fuseblk",
            "squashfs");
    private static final List<String> OURS = List.of("/proc", "/sys", "/dev", "/tmp", "/var/tmp", "/run", "/etc/hosts");

    private HostMounts() {}

    /** Mount points of real file systems, parents first. {@code /proc/self/mountinfo} as proc(5) describes it. */
    static List<Path> find() throws IOException {
        List<Path> found = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
            String[] words = line.split(" ", -1);
            int dash = List.of(words).indexOf("-");
            String point = words[4].replace("\\040", " ");
            boolean ours = OURS.stream().anyMatch(own -> point.equals(own) || point.startsWith(own + "/"));
            if (!point.equals("/") && !ours && TYPES.contains(words[dash + 1]) && Files.isReadable(Path.of(point))) {
                found.add(Path.of(point));
            }
        }
        return found;
    }

    /** Whether a folder's file system can't hold what an overlay changes. */
    static boolean needsTmpfs(Path folder) throws IOException {
        String type = Files.getFileStore(folder).type();
        return type.equals("overlay")
                || type.startsWith("nfs")
                || type.equals("9p")
                || type.equals("virtiofs")
                || type.startsWith("fuse");
    }
}
