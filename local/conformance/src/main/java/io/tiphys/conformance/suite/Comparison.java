package io.tiphys.conformance.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Sets what was seen beside what was expected. */
public final class Comparison {
    private static final int SHOWN = 6;

    private Comparison() {}

    /** Phase, tree and messages in the end. */
    public static Verdict compare(ConformanceCase expectation, String expectedPhase, Observed seen) {
        if (!expectedPhase.isEmpty() && !seen.phase().equals(expectedPhase)) {
            return new Verdict.Miss("phase " + (seen.phase().isEmpty() ? "none" : seen.phase()) + ", expected "
                    + expectedPhase + (seen.troubles().isEmpty() ? "" : " (" + seen.troubles() + ")"));
        }
        Map<String, String> nodes = expectation.nodes();
        if (nodes != null) {
            List<String> differences = differences(nodes, seen.tree());
            if (!differences.isEmpty()) {
                return new Verdict.Miss("node tree: "
                        + String.join("; ", differences.subList(0, Math.min(SHOWN, differences.size())))
                        + (differences.size() > SHOWN ? "; and " + (differences.size() - SHOWN) + " more" : "")
                        + (seen.troubles().isEmpty() ? "" : " (" + seen.troubles() + ")"));
            }
        }
        List<String> unsaid = ToldMessages.unsaid(expectation.expected(), seen);
        return unsaid.isEmpty()
                ? new Verdict.Pass()
                : new Verdict.Miss(
                        "no message contains \"" + String.join("\", \"", unsaid) + "\" (" + seen.troubles() + ")");
    }

    private static List<String> differences(Map<String, String> expected, Map<String, String> seen) {
        List<String> differences = new ArrayList<>();
        expected.forEach((name, node) -> {
            String found = seen.get(name);
            if (found == null) {
                differences.add("no node " + name + " " + node);
            } else if (!found.equals(node)) {
                differences.add(name + " is " + found + ", expected " + node);
            }
        });
        seen.forEach((name, node) -> {
            if (!expected.containsKey(name)) {
                differences.add("unexpected node " + name + " " + node);
            }
        });
        return differences;
    }
}
