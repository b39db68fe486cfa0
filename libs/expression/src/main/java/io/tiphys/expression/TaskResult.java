package io.tiphys.expression;

import org.jspecify.annotations.Nullable;

/** A word that may follow a task's name in {@code depends}. */
public enum TaskResult {
    SUCCEEDED("Succeeded", 1 << 0),
    FAILED("Failed", 1 << 1),
    ERRORED("Errored", 1 << 2),
    SKIPPED("Skipped", 1 << 3),
    OMITTED("Omitted", 1 << 4),
    DAEMONED("Daemoned", 1 << 5),
    ANY_SUCCEEDED("AnySucceeded", 1 << 6),
    ALL_FAILED("AllFailed", 1 << 7);

    private final String word;
    private final int bit;

    TaskResult(String word, int bit) {
        this.word = word;
        this.bit = bit;
    }

    public String word() {
        return word;
    }

    /** This result's bit in a set of results held in an int. */
    public int bit() {
        return bit;
    }

    static @Nullable TaskResult of(String word) {
        for (TaskResult result : values()) {
            if (result.word.equals(word)) {
                return result;
            }
        }
        return null;
    }
}
