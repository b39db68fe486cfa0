package io.tiphys.conformance.suite;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The phase in which a workflow must be when all is done. */
public final class FinalPhase {
    private static final Pattern STATED =
            Pattern.compile("(?:\\bwf|\\bworkflow|\\bWorkflow|->) (Succeeded|Failed|Error)\\b");

    private FinalPhase() {}

    /**
     * The expected phase; of a case that waits for its action, what the words say comes after it, else success.
     *
     * @return "" where anything goes
     */
    public static String of(ConformanceCase expectation, List<Step> steps) {
        String phase = expectation.expectedPhase();
        if (phase == null) {
            return "";
        }
        if (steps.isEmpty() || !(phase.equals("Running") || phase.equals("Pending"))) {
            return phase;
        }
        String stated = "";
        Matcher matcher = STATED.matcher(expectation.expected());
        while (matcher.find()) {
            stated = matcher.group(1);
        }
        return stated.isEmpty() ? "Succeeded" : stated;
    }
}
