package io.tiphys.local.node.pod;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much memory this machine has. */
public final class MachineMemory {
    private MachineMemory() {}

    /** From {@code /proc/meminfo}; 1 GiB when that can't be read. */
    public static long bytes() {
        try (var lines = Files.lines(Path.of("/proc/meminfo"))) {
            return lines.filter(line -> line.startsWith("MemTotal:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElse(1L << 30);
        } catch (IOException e) {
            return 1L << 30;
        }
    }
}
