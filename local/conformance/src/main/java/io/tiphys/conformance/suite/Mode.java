package io.tiphys.conformance.suite;

import java.util.Locale;

/** What is done with a case. */
public enum Mode {
    /** The workflow is created and runs to its end, or to where it waits for somebody. */
    SUBMIT,
    /** The engine takes up the workflow where its status left it. */
    RECONCILE,
    /** The validator finds what is wrong with it. */
    LINT,
    /** The objects are accepted and read back. */
    APPLY,
    /** Not a manifest. */
    NONE;

    static Mode of(String text) {
        for (Mode mode : values()) {
            if (mode.text().equals(text)) {
                return mode;
            }
        }
        return NONE;
    }

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
