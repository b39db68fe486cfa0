package io.tiphys.engine;

import org.jspecify.annotations.Nullable;

/** Keys of timers: what for, and for which node. */
public final class TimerKey {
    /** The workflow's {@code activeDeadlineSeconds}. */
    public static final String DEADLINE = "deadline";

    private TimerKey() {}

    public static String retry(Node node) {
        return "retry/" + node.id();
    }

    public static String suspend(Node node) {
        return "suspend/" + node.id();
    }

    public static String timeout(Node node) {
        return "timeout/" + node.id();
    }

    public static String pendingTimeout(Node node) {
        return "pending/" + node.id();
    }

    public static String result(Node node) {
        return "result/" + node.id();
    }

    /** Id of the node that the key is about, or null for {@link #DEADLINE}. */
    public static @Nullable String nodeId(String key) {
        int slash = key.indexOf('/');
        return slash < 0 ? null : key.substring(slash + 1);
    }

    /** What the timer is for. */
    public static String purpose(String key) {
        int slash = key.indexOf('/');
        return slash < 0 ? key : key.substring(0, slash);
    }
}
