package io.tiphys.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * How long {@code ./tiphys up --detach} takes until everything is ready, on a new instance and again on the same one, and what
 * its processes hold in memory then.
 *
 * <p>{@code ./tiphys bench up}. Memory is the sum of PSS (shared pages counted once) and RSS per process, from {@code /proc}.
 */
public final class UpBench {
    private final Path launcher;
    private final Path home;

    private UpBench(Path launcher, Path home) {
        this.launcher = launcher;
        this.home = home;
    }

    static void main(String... arguments) throws IOException, InterruptedException {
        Path launcher =
                Path.of(System.getProperty("tiphys.root", "."), "tiphys").toAbsolutePath();
        Path home = Files.createTempDirectory("tiphys-bench-up");
        UpBench bench = new UpBench(launcher, home);
        try {
            bench.run("new instance");
            bench.run("again");
        } finally {
            delete(home);
        }
    }

    private void run(String label) throws IOException, InterruptedException {
        long start = System.nanoTime();
        call("up", "--detach", "--port", Integer.toString(freePort()));
        System.out.printf("up: %-13s ready after %.1f s%n", label, (System.nanoTime() - start) / 1e9);
        try {
            printMemory();
        } finally {
            call("down");
        }
    }

    private void printMemory() throws IOException {
        JsonNode instance =
                new ObjectMapper().readTree(home.resolve("instance.json").toFile());
        ProcessHandle system = ProcessHandle.of(instance.path("pid").asLong()).orElseThrow();
        long rss = 0;
        long pss = 0;
        List<ProcessHandle> all = new ArrayList<>(List.of(system));
        system.descendants().forEach(all::add);
        for (ProcessHandle process : all) {
            Memory memory = Memory.of(process.pid());
            rss += memory.rssKib;
            pss += memory.pssKib;
        }
        for (JsonNode part : instance.path("parts")) {
            System.out.printf(
                    "  %-14s %5.0f MiB%n",
                    part.path("name").asText(), part.path("rssBytes").asLong() / 1024.0 / 1024);
        }
        System.out.printf("  all %d processes: RSS %.0f MiB, PSS %.0f MiB%n", all.size(), rss / 1024.0, pss / 1024.0);
    }

    private void call(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        Path output = Files.createTempFile("tiphys-bench", ".log");
        builder.redirectOutput(output.toFile()).environment().put("TIPHYS_HOME", home.toString());
        int exit = builder.start().waitFor();
        String said = Files.readString(output);
        Files.delete(output);
        if (exit != 0) {
            throw new IllegalStateException(command + " ended with " + exit + ":\n" + said);
        }
    }

    private record Memory(long rssKib, long pssKib) {
        static Memory of(long pid) throws IOException {
            Path file = Path.of("/proc", Long.toString(pid), "smaps_rollup");
            long rss = 0;
            long pss = 0;
            if (Files.exists(file)) {
                for (String line : Files.readAllLines(file)) {
                    String[] words = line.split("\\s+", -1);
                    switch (words[0]) {
                        case "Rss:" -> rss = Long.parseLong(words[1]);
                        case "Pss:" -> pss = Long.parseLong(words[1]);
                        default -> {
                            // other sums
                        }
                    }
                }
            }
            return new Memory(rss, pss);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void delete(Path home) throws IOException {
        try (Stream<Path> files = Files.walk(home)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.deleteIfExists(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
