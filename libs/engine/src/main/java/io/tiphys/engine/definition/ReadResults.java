package io.tiphys.engine.definition;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The steps or tasks of a template whose {@code outputs.result} its text mentions, dotted or indexed: Argo captures their standard
 * output. The text is gone through once, however many steps there are.
 */
final class ReadResults {
    private static final String RESULT = ".outputs.result";

    private final Set<String> names = new HashSet<>();

    private ReadResults() {}

    /**
     * Looks for them.
     *
     * @param json the template as JSON
     * @param prefix {@code steps} or {@code tasks}
     */
    static ReadResults in(String json, String prefix) {
        ReadResults read = new ReadResults();
        for (int at = json.indexOf(RESULT); at >= 0; at = json.indexOf(RESULT, at + 1)) {
            read.add(json, at, prefix + ".", "");
            read.add(json, at, prefix + "['", "']");
            read.add(json, at, prefix + "[\\\"", "\\\"]");
        }
        return read;
    }

    /** What stands between the last opening before this place and the closing right before it. */
    private void add(String json, int end, String opening, String closing) {
        int to = end - closing.length();
        if (to < 0 || !json.startsWith(closing, to)) {
            return;
        }
        int from = lastBefore(json, opening, to);
        if (from >= 0) {
            names.add(json.substring(from + opening.length(), to));
        }
    }

    /** Names are short: what begins far away is another one. */
    private static int lastBefore(String json, String opening, int to) {
        int nearest = Math.max(0, to - 1_000);
        for (int from = to - opening.length(); from >= nearest; from--) {
            if (json.startsWith(opening, from)) {
                return from;
            }
        }
        return -1;
    }

    boolean contains(@Nullable String name) {
        return name != null && names.contains(name);
    }
}
