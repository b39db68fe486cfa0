package io.tiphys.expression;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/** Go's regular expressions, which match in linear time. */
final class Patterns {
    private static final int MAX_LENGTH = 10_000;

    private Patterns() {}

    static Pattern compile(String pattern) {
        return compile(pattern, -1);
    }

    /** At: where it stands in its source, or -1. */
    static Pattern compile(String pattern, int at) {
        if (pattern.length() > MAX_LENGTH) {
            throw new ExprProblem("the regular expression is longer than " + MAX_LENGTH + " characters", at);
        }
        try {
            return Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw new ExprProblem("error parsing regexp: " + e.getDescription() + ": `" + e.getPattern() + "`", at);
        }
    }
}
