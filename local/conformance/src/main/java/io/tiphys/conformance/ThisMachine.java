package io.tiphys.conformance;

import com.sun.management.OperatingSystemMXBean;
import io.tiphys.conformance.suite.Machine;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The machine that this process runs on. */
final class ThisMachine {
    private static final long GIBIBYTE = 1L << 30;

    private ThisMachine() {}

    static Machine look() {
        long memory =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
        return new Machine(
                Runtime.getRuntime().availableProcessors(), (int) (memory / GIBIBYTE), 1, ThisMachine::hasProgram);
    }

    private static boolean hasProgram(String name) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .map(folder -> Path.of(folder, name))
                .anyMatch(Files::isExecutable);
    }
}
