package io.tiphys.conformance;

import io.tiphys.conformance.suite.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Features and how they stand, from the cases that show them. */
final class CompatibilityTable {
    private CompatibilityTable() {}

    /** Writes the table, and below it what the folder says itself of differences that no case shows. */
    static void write(Path file, List<Report.Result> results, Path folder) throws IOException {
        Path known = folder.resolve("differences.md");
        String more = Files.isRegularFile(known) ? Files.readString(known) : "";
        Files.writeString(file, render(results) + more);
    }

    static String render(List<Report.Result> results) {
        Map<String, Row> rows = new TreeMap<>();
        for (Report.Result result : results) {
            for (String feature : result.wanted().features()) {
                rows.computeIfAbsent(feature, _ -> new Row()).add(result);
            }
        }
        StringBuilder text = new StringBuilder("""
                # Compatibility with Argo Workflows

                Generated from our [conformance cases](../conformance/cases.json) with \
                `./tiphys conformance conformance --engine --markdown docs/compatibility.md`; a test keeps it fresh.
                *works*: all cases of the feature come out as Argo's rules say, node trees exactly. *differs*: see the last column.

                | feature | status | cases | difference, and why |
                |---|---|---|---|
                """);
        rows.forEach((feature, row) -> text.append("| ")
                .append(feature)
                .append(" | ")
                .append(row.status())
                .append(" | ")
                .append(row.cases)
                .append(" | ")
                .append(row.differences.stream().collect(Collectors.joining(" ")))
                .append(" |\n"));
        return text.toString();
    }

    private static final class Row {
        private int cases;
        private final Map<String, Integer> counts = new LinkedHashMap<>();
        private final TreeSet<String> differences = new TreeSet<>();

        void add(Report.Result result) {
            cases++;
            counts.merge(result.verdict().word(), 1, Integer::sum);
            if (!result.wanted().difference().isEmpty()) {
                differences.add(result.wanted().difference());
            }
            if (result.verdict() instanceof Verdict.Miss) {
                differences.add(result.wanted().id() + " misses.");
            }
        }

        String status() {
            if (!differences.isEmpty()) {
                return "differs";
            }
            return counts.containsKey("pass") ? "works" : "not shown";
        }
    }
}
