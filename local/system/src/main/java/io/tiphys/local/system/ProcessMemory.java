package io.tiphys.local.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Memory of processes, where the operating system tells (Linux). */
final class ProcessMemory {
    private ProcessMemory() {}

    /** Resident bytes of a process plus the private ones of its children; 0 when unknown. */
    static long residentBytes(long pid) {
        long children = ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::descendants)
                .mapToLong(child -> read(child.pid(), "RssAnon:"))
                .sum();
        return read(pid, "VmRSS:") + children;
    }

    /** Resident bytes of a process alone. */
    static long ownResidentBytes(long pid) {
        return read(pid, "VmRSS:");
    }

    private static long read(long pid, String field) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
                if (line.startsWith(field)) {
                    return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
                }
            }
        } catch (IOException | NumberFormatException _) {
            // gone, or no such file system
        }
        return 0;
    }
}
