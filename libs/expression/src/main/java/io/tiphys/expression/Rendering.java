package io.tiphys.expression;

import java.util.List;

/** What became of a text with tags. */
public sealed interface Rendering {

    /** Every tag had a value. */
    record Rendered(String text) implements Rendering {}

    /**
     * Some tags had no value and stand in the text as they were written (texts of other template languages look the same, so this is no
     * error by itself).
     *
     * @param names what was missing, in order of appearance; for an expression the variables that it needs
     */
    record Unresolved(List<String> names, String text) implements Rendering {
        public Unresolved {
            names = List.copyOf(names);
        }
    }

    /** A tag can never be rendered in this scope: bad expression, value of the wrong kind, output of a skipped task. */
    record Failed(String message) implements Rendering {}
}
