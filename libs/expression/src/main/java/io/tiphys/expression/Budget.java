package io.tiphys.expression;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import org.jspecify.annotations.Nullable;

/** What one evaluation may cost at most; keeps hostile expressions from holding up a workflow. */
final class Budget {
    private static final int MAX_STEPS = 5_000_000;
    private static final long MAX_SIZE = 16 << 20;

    /** What an element of a list or map counts, in characters. */
    private static final int ELEMENT = 16;

    private int steps = MAX_STEPS;
    private long size = MAX_SIZE;
    private @Nullable MatchingWork matching;

    /** How many steps are left: another number at each call. */
    int position() {
        return steps;
    }

    void step() {
        if (--steps < 0) {
            throw new ExprProblem("the expression takes more than " + MAX_STEPS + " steps");
        }
    }

    /** A matcher of a pattern that only this evaluation knows. */
    Matcher matcher(String pattern, String text) {
        matching().read(pattern);
        return matcher(Patterns.compile(pattern), text);
    }

    Matcher matcher(Pattern pattern, String text) {
        return matching().matcher(pattern, text);
    }

    private MatchingWork matching() {
        MatchingWork work = matching;
        if (work == null) {
            work = new MatchingWork(() -> new ExprProblem("its regular expressions take too long"));
            matching = work;
        }
        return work;
    }

    /** Counts characters that come into being. */
    void characters(long count) {
        size -= count;
        if (size < 0 || count < 0) {
            throw new ExprProblem("memory budget exceeded");
        }
    }

    /** Counts elements of lists and maps that come into being. */
    void elements(long count) {
        characters(count > MAX_SIZE ? MAX_SIZE + 1 : count * ELEMENT);
    }
}
