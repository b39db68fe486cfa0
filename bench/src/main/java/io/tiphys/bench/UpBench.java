package io.tiphys.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How long {@code ./tiphys up --detach} takes until everything is ready, on a new instance and again on the same one, and what
 * its processes hold in memory then.
 *
 * <p>{@code ./tiphys bench up}. Memory is the sum of PSS (shared pages counted once) and RSS per process, from {@code /proc}.
 */
public final class UpBench {
    private final TemporaryInstance instance;

    private UpBench(TemporaryInstance instance) {
        this.instance = instance;
    }

    static void main(String... arguments) throws IOException {
        try (TemporaryInstance instance = new TemporaryInstance()) {
            UpBench bench = new UpBench(instance);
            bench.run("new instance");
            bench.run("again");
        }
    }

    private void run(String label) throws IOException {
        long start = System.nanoTime();
        instance.up();
        System.out.printf("up: %-13s ready after %.1f s%n", label, (System.nanoTime() - start) / 1e9);
        try {
            printMemory();
        } finally {
            instance.down();
        }
    }

    private void printMemory() throws IOException {
        JsonNode facts = instance.facts();
        ProcessHandle system = ProcessHandle.of(facts.path("pid").asLong()).orElseThrow();
        long rss = 0;
        long pss = 0;
        List<ProcessHandle> all = new ArrayList<>(List.of(system));
        system.descendants().forEach(all::add);
        for (ProcessHandle process : all) {
            Memory memory = Memory.of(process.pid());
            rss += memory.rssKib;
            pss += memory.pssKib;
        }
        for (JsonNode part : facts.path("parts")) {
            System.out.printf(
                    "  %-14s %5.0f MiB%n",
                    part.path("name").asText(), part.path("rssBytes").asLong() / 1024.0 / 1024);
        }
        System.out.printf("  all %d processes: RSS %.0f MiB, PSS %.0f MiB%n", all.size(), rss / 1024.0, pss / 1024.0);
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
}
