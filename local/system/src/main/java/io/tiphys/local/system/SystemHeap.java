package io.tiphys.local.system;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * The largest heap of the process that holds API server, broker, store and node. The API server keeps all objects in it, at about 20 KiB for
 * a pod with its Events: 640 MiB were full with some 30,000 pods that nobody had deleted.
 */
final class SystemHeap {
    private static final int MEBIBYTE = 1 << 20;
    private static final int LEAST = 640;
    private static final int MOST = 2048;
    private static final int SHARE = 12;

    private SystemHeap() {}

    /** A twelfth of the machine's memory, but 640 MiB at least and 2 GiB at most. */
    static long mebibytes(long machineBytes) {
        return Math.clamp(machineBytes / SHARE / MEBIBYTE, LEAST, MOST);
    }

    /** What this machine, or the container that this runs in, has. */
    static long machineBytes() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }
}
