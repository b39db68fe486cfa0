package io.tiphys.expression;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.function.Supplier;

/**
 * What one evaluation may put into regular expressions. Each search takes time in proportion to its text and its pattern; but there may be
 * many, each of which looks at all of the text ({@code a[^b]*b|a} in a text without a b). Not thread-safe.
 */
public final class MatchingWork {
    /** Instructions of a pattern that are looked at, each with a character of the text: a few seconds. */
    private static final long MOST = 1L << 29;

    /** What reading a character costs by itself, in the same unit. */
    private static final int CHARACTER = 4;

    private final Supplier<? extends RuntimeException> exhausted;
    private long left = MOST;

    /**
     * Nothing is used yet.
     *
     * @param exhausted what is thrown when there is no more
     */
    public MatchingWork(Supplier<? extends RuntimeException> exhausted) {
        this.exhausted = exhausted;
    }

    /** Counts the reading of a pattern, which takes the square of its length at worst. */
    public void read(String pattern) {
        take((long) pattern.length() * pattern.length());
    }

    /** Whoever matches with it has the characters that it reads counted. */
    public Matcher matcher(Pattern pattern, String text) {
        return pattern.matcher(new Counted(text, CHARACTER + pattern.programSize()));
    }

    private void take(long work) {
        left -= work;
        if (left < 0) {
            throw exhausted.get();
        }
    }

    private final class Counted implements CharSequence {
        private final String text;
        private final int weight;

        Counted(String text, int weight) {
            this.text = text;
            this.weight = weight;
        }

        @Override
        public char charAt(int index) {
            take(weight);
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
