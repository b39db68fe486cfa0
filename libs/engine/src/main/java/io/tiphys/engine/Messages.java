package io.tiphys.engine;

import org.jspecify.annotations.Nullable;

/**
 * How much a node or a workflow may say. A message may quote what was wrong, and what was wrong may hold all messages before it
 * ({@code workflow.failures}), or each caller's sentence about the one that it called: without a bound it doubles with each attempt.
 */
public final class Messages {
    /** In characters; four times what Kubernetes lets a container say as it ends. */
    private static final int LONGEST = 16_384;

    private static final String GAP = " ... ";

    private Messages() {}

    /** Both ends of what is too long: who tells it, and what was wrong in the first place. */
    public static String bounded(String message) {
        if (message.length() <= LONGEST) {
            return message;
        }
        int half = (LONGEST - GAP.length()) / 2;
        return message.substring(0, half) + GAP + message.substring(message.length() - half);
    }

    static @Nullable String boundedOrNull(@Nullable String message) {
        return message == null ? null : bounded(message);
    }
}
