package io.tiphys.expression;

import org.jspecify.annotations.Nullable;

/** A word that may follow a task's name in {@code depends}. */
public enum TaskResult {
    SUCCEEDED("Succeeded"),
    FAILED("Failed"),
    ERRORED("Errored"),
    SKIPPED("Skipped"),
    OMITTED("Omitted"),
    DAEMONED("Daemoned"),
    ANY_SUCCEEDED("AnySucceeded"),
    ALL_FAILED("AllFailed");

    private final String word;

    TaskResult(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }

    /** This result's bit in a set of results held in an int. */
    public int bit() {
        return 1 << ordinal();
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
