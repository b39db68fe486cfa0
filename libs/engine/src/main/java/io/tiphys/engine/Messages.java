package io.tiphys.engine;

import org.jspecify.annotations.Nullable;

/**
 * How much a node or a workflow may say. A message may quote what was wrong, and what was wrong may hold all messages before it
 * ({@code workflow.failures}), or each caller's sentence about the one that it called: without a bound it doubles with each attempt.
 */
final class Messages {
    /** In characters; four times what Kubernetes lets a container say as it ends. */
    private static final int LONGEST = 16_384;

    private static final String GAP = " ... ";

    private Messages() {}

    /** Both ends of what is too long: who tells it, and what was wrong in the first place. */
    static String bounded(String message) {
        if (message.length() <= LONGEST) {
            return message;
        }
        int head = (LONGEST - GAP.length()) / 2;
        int tail = message.length() - head;
        // half a character can't be written as JSON
        head -= Character.isHighSurrogate(message.charAt(head - 1)) ? 1 : 0;
        tail += Character.isLowSurrogate(message.charAt(tail)) ? 1 : 0;
        return message.substring(0, head) + GAP + message.substring(tail);
    }

    static @Nullable String boundedOrNull(@Nullable String message) {
        return message == null ? null : bounded(message);
    }
}
