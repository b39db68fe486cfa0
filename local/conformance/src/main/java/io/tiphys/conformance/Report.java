package io.tiphys.conformance;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.conformance.suite.ConformanceCase;
import io.tiphys.conformance.suite.Verdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What came out: a line for each case as soon as it is known, and a summary. */
final class Report {
    /** One case. */
    record Result(ConformanceCase wanted, Verdict verdict, Duration took) {}

    private final PrintWriter out;
    private final List<Result> results = new ArrayList<>();

    Report(PrintWriter out) {
        this.out = out;
    }

    synchronized void add(Result result) {
        results.add(result);
        String reason = result.verdict().reasonText();
        out.println(result.verdict().word() + "  " + result.wanted().id()
                + (reason.isEmpty() ? "" : ": " + reason.replace('\n', ' '))
                + String.format(Locale.ROOT, "  (%.1f s)", result.took().toMillis() / 1000.0));
        out.flush();
    }

    void summarize() {
        out.println("conformance: " + count(Verdict.Pass.class) + " passed, " + missed() + " missed, "
                + count(Verdict.Skip.class) + " skipped");
        out.flush();
    }

    synchronized List<Result> results() {
        return List.copyOf(results);
    }

    long missed() {
        return count(Verdict.Miss.class);
    }

    private long count(Class<? extends Verdict> kind) {
        return results().stream()
                .filter(result -> kind.isInstance(result.verdict()))
                .count();
    }

    void writeJson(Path file) throws IOException {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("passed", count(Verdict.Pass.class)).put("missed", missed()).put("skipped", count(Verdict.Skip.class));
        ArrayNode cases = json.putArray("cases");
        for (Result result : results()) {
            ObjectNode each = cases.addObject()
                    .put("id", result.wanted().id())
                    .put("mode", result.wanted().mode().text())
                    .put("verdict", result.verdict().word())
                    .put("seconds", result.took().toMillis() / 1000.0);
            if (!result.verdict().reasonText().isEmpty()) {
                each.put("reason", result.verdict().reasonText());
            }
        }
        Files.writeString(file, json.toPrettyString() + "\n");
    }
}
