package io.tiphys.bench.artifacts;

/** One figure, measured with all that it is compared with in the same run. */
interface Row {
    /** For {@code --only}. */
    String name();

    /** Space that it needs at a time on the disk of the instance. */
    long diskBytes();

    /** Measures; leaves nothing behind. */
    Figure measure() throws Exception;

    /**
     * What was seen.
     *
     * @param value as shown, such as {@code 0.93}
     * @param aim as shown, such as {@code >= 0.9}
     * @param how the absolute figures behind it
     */
    record Figure(String what, String value, String aim, String how) {}
}
